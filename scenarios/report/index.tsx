import { mkdirSync } from 'node:fs'
import type { Endpoints } from '../../stack/endpoints'
import type { StackLinks } from '../../stack/links'
import { type ScenarioRun, verdictOf } from '../verdict'
import { renderMarkdown } from './markdown'
import { ReportPage } from './page'

/** Writes `report.md`, `report.html` and `report.json` into a folder, with links into the stack if given. Returns the HTML file's path. */
export async function writeReport(
  dir: string,
  runs: ScenarioRun[],
  endpoints: Endpoints,
  links?: StackLinks,
): Promise<string> {
  mkdirSync(dir, { recursive: true })
  const page = await (<ReportPage runs={runs} links={links} />)
  await Promise.all([
    Bun.write(`${dir}/report.md`, `${renderMarkdown(runs, endpoints, links)}\n`),
    Bun.write(`${dir}/report.html`, `<!doctype html>${page}`),
    Bun.write(`${dir}/report.json`, JSON.stringify(runs.map(verdictOf), null, 2)),
  ])
  return `${dir}/report.html`
}
