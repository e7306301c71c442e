import { t } from '../src/typography'
import type { Pages } from '../stack/links'
import type { Endpoints } from '../stack/read-endpoints'
import { factsOf, headings, s } from './facts'
import { endedWithRun, links } from './links'
import { timeline } from './timeline'
import type { Course } from './verdict'

/** The report for a repository or a ticket. `runbooks` is where its runbooks are, seen from the file; no `pages`, no links to them. */
export function markdown(courses: Course[], places: Endpoints, pages?: Pages, runbooks?: string): string {
  const all = courses.map(factsOf)
  return [
    t`# Pannes provoquées : ${all.filter(({ ok }) => ok).length} sur ${all.length} vues comme prévu`,
    `${dayOf(courses)}, pile ${places.isNative ? 'native' : 'en conteneurs'}, fenêtres de cinq minutes et plus ${places.shrink} fois plus courtes.`,
    table(all.map(({ row }) => row)),
    ...(pages ? [] : [endedWithRun]),
    ...courses.map((course) => section(course, pages, runbooks)),
  ].join('\n\n')
}

function section(course: Course, pages: Pages | undefined, runbooks: string | undefined): string {
  const { name, title, ok, missing, seen } = factsOf(course)
  return [
    `## ${ok ? '✓' : '✗'} ${name}`,
    `${title}.`,
    ...(missing.length > 0 ? [list(missing.map((one) => `**${one}**`))] : []),
    timeline(course)
      .map(({ atS, what }) => t`- ${s(atS)} : ${what}`)
      .join('\n'),
    list(seen),
    links(course, pages, runbooks)
      .map(({ text, href }) => (href ? `[${text}](${href})` : text))
      .join(' · '),
  ].join('\n\n')
}

const list = (lines: string[]) => lines.map((line) => `- ${line.replaceAll('\n', ' ')}`).join('\n')

const table = (rows: string[][]) =>
  [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

export const dayOf = ([first]: Course[]): string =>
  new Date(first?.onsetMs ?? Date.now()).toLocaleString('fr-FR', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
