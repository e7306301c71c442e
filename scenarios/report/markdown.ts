import { t } from '../../src/typography'
import type { Endpoints } from '../../stack/endpoints'
import type { StackLinks } from '../../stack/links'
import type { ScenarioRun } from '../verdict'
import { reportLinks, stackStoppedNotice } from './links'
import { formatSeconds, summaryOf, tableHeadings } from './summary'
import { timeline } from './timeline'

/** The report for a repository or a ticket. `runbooks` is where its runbooks are, seen from the file; no `pages`, no links to them. */
export function renderMarkdown(
  courses: ScenarioRun[],
  places: Endpoints,
  pages?: StackLinks,
  runbooks?: string,
): string {
  const all = courses.map(summaryOf)
  return [
    t`# Pannes provoquées : ${all.filter(({ ok }) => ok).length} sur ${all.length} vues comme prévu`,
    `${startDateOf(courses)}, pile ${places.isNative ? 'native' : 'en conteneurs'}, fenêtres de cinq minutes et plus ${places.shrink} fois plus courtes.`,
    table(all.map(({ row }) => row)),
    ...(pages ? [] : [stackStoppedNotice]),
    ...courses.map((course) => section(course, pages, runbooks)),
  ].join('\n\n')
}

function section(course: ScenarioRun, pages: StackLinks | undefined, runbooks: string | undefined): string {
  const { name, title, ok, missing, observations } = summaryOf(course)
  return [
    `## ${ok ? '✓' : '✗'} ${name}`,
    `${title}.`,
    ...(missing.length > 0 ? [list(missing.map((one) => `**${one}**`))] : []),
    timeline(course)
      .map(({ atS, text }) => t`- ${formatSeconds(atS)} : ${text}`)
      .join('\n'),
    list(observations),
    reportLinks(course, pages, runbooks)
      .map(({ text, href }) => (href ? `[${text}](${href})` : text))
      .join(' · '),
  ].join('\n\n')
}

const list = (lines: string[]) => lines.map((line) => `- ${line.replaceAll('\n', ' ')}`).join('\n')

const table = (rows: string[][]) =>
  [tableHeadings, tableHeadings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

export const startDateOf = ([first]: ScenarioRun[]): string =>
  new Date(first?.onsetMs ?? Date.now()).toLocaleString('fr-FR', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
