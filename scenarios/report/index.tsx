import { mkdirSync } from 'node:fs'
import type { Endpoints } from '../../stack/endpoints'
import type { StackLinks } from '../../stack/links'
import { type ScenarioRun, verdictOf } from '../verdict'
import { renderMarkdown } from './markdown'
import { ReportPage } from './page'

/** Writes `report.md`, `report.html` and `report.json` into a folder, with links to `pages` if there are any. Returns the page's path. */
export async function writeReport(
  dir: string,
  courses: ScenarioRun[],
  places: Endpoints,
  pages?: StackLinks,
): Promise<string> {
  mkdirSync(dir, { recursive: true })
  const page = await (<ReportPage courses={courses} pages={pages} />)
  await Promise.all([
    Bun.write(`${dir}/report.md`, `${renderMarkdown(courses, places, pages)}\n`),
    Bun.write(`${dir}/report.html`, `<!doctype html>${page}`),
    Bun.write(`${dir}/report.json`, JSON.stringify(courses.map(verdictOf), null, 2)),
  ])
  return `${dir}/report.html`
}
