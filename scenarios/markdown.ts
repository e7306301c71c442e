import type { Places } from '../observability/validate/places'
import { t } from '../src/typography'
import { factsOf, headings, s } from './facts'
import { links } from './links'
import { timeline } from './timeline'
import type { Course } from './verdict'

/** The report for a repository or a ticket. `runbooks` is where its runbooks are, seen from the file. */
export function markdown(courses: Course[], places: Places, runbooks?: string): string {
  const all = courses.map(factsOf)
  return [
    t`# Pannes provoquées : ${all.filter(({ ok }) => ok).length} sur ${all.length} vues comme prévu`,
    `${dayOf(courses)}, pile ${places.isNative ? 'native' : 'en conteneurs'}, fenêtres de cinq minutes et plus ${places.shrink} fois plus courtes.`,
    table(all.map(({ row }) => row)),
    ...courses.map((course) => section(course, places, runbooks)),
  ].join('\n\n')
}

function section(course: Course, places: Places, runbooks: string | undefined): string {
  const { name, title, ok, missing, seen } = factsOf(course)
  return [
    `## ${ok ? '✓' : '✗'} ${name}`,
    `${title}.`,
    ...(missing.length > 0 ? [list(missing.map((one) => `**${one}**`))] : []),
    timeline(course)
      .map(({ atS, what }) => t`- ${s(atS)} : ${what}`)
      .join('\n'),
    list(seen),
    links(course, places, runbooks)
      .map(({ text, href }) => `[${text}](${href})`)
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
