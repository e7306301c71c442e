import { decimal, plural, t } from '../src/typography'
import type { Books } from './books'
import type { Course, RunbookSeen, Verdict } from './verdict'
import { verdictOf } from './verdict'

/** A course in the words of the report, for Markdown and HTML alike. */
export function factsOf(course: Course) {
  const verdict = verdictOf(course)
  return {
    name: course.scenario.name,
    title: course.scenario.title,
    ok: verdict.ok,
    missing: verdict.missing,
    row: rowOf(course, verdict),
    seen: seenOf(course, verdict),
  }
}

export type Facts = ReturnType<typeof factsOf>

export const headings = [
  ...['panne', 'verdict', 'alerte', 'première trace', 'déclenchée', 'notifiée', 'finie'],
  ...['demandes en échec', 'commandes dites / écrites', 'perdues, en double', 'stock'],
]

function rowOf({ scenario, watched }: Course, { ok, firing_s, cleared_s, seen, books }: Verdict): string[] {
  const told_s = Object.values(seen.alerts)[0]?.told_s
  return [
    ...[scenario.name, ok ? 'tenu' : 'non tenu', watched[0]?.expected.name ?? ''],
    ...[s(seen.first_bad_trace_s), s(firing_s), s(told_s), s(cleared_s)],
    `${seen.failed} sur ${seen.requests}`,
    ...booksOf(books),
  ]
}

function booksOf(books: Books | null): string[] {
  if (!books) return ['?', '?', '?']
  const { told, written, lost, doubled, adrift } = books
  return [`${told} / ${written}`, `${lost}, ${doubled}`, adrift === 0 ? 'juste' : t`${adrift} pièces d'écart`]
}

function seenOf({ scenario, evidence, answer, onsetMs, endMs }: Course, { seen, books }: Verdict): string[] {
  const { trace, line } = evidence
  return [
    t`Alertes : ${Object.entries(seen.alerts)
      .map(
        ([name, { firing_s, cleared_s }]) => t`${name} (déclenchée ${s(firing_s)}, finie ${s(cleared_s)} après la fin)`,
      )
      .join(t` ; `)}`,
    ...Object.entries(seen.runbook).map(runbookText),
    ...(seen.besides.length > 0 ? [t`Aussi en cours : ${seen.besides.join(', ')}`] : []),
    ...(trace ? [t`Trace : ${trace.service} « ${trace.name} », ${JSON.stringify(scenario.span?.tags)}`] : []),
    ...(line ? [t`Ligne : ${line.service} « ${line.text} »`] : []),
    ...(scenario.sli
      ? [
          t`Indicateur : ${percent(seen.sli)} de mauvaises demandes de ${scenario.sli.service} (${scenario.sli.sli}), au pire`,
        ]
      : []),
    t`Clients : ${plural(seen.requests, 'demande', 'demandes')} en ${s((endMs - onsetMs) / 1000)}, dont ${seen.failed} en échec`,
    ...(books && books.unanswered > 0
      ? [t`Sans réponse à la fin : ${plural(books.unanswered, 'client', 'clients')}`]
      : []),
    ...(answer === undefined ? [] : [t`Deviné : « ${answer || 'rien'} »`]),
  ]
}

function runbookText([name, { queries, answered, named_s, first }]: [string, RunbookSeen]): string {
  const named = named_s === null ? '' : t` ; la première nomme la cause ${s(named_s)} après le déclenchement`
  return t`Runbook ${name} : ${answered} sur ${plural(queries, 'requête répond', 'requêtes répondent')}${named}${first === null ? '' : t` : ${first}`}`
}

/** `16,2 s`; a dash for what was not. */
export const s = (seconds: number | null | undefined) => (seconds == null ? '–' : `${decimal(seconds)}\u00a0s`)
const percent = (share: number | null) => t`${decimal((share ?? 0) * 100)} %`
