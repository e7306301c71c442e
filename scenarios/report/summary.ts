import { decimal, plural, t } from '../../src/typography'
import type { AuditResult } from '../audit'
import type { RunbookResult, ScenarioRun, Verdict } from '../verdict'
import { verdictOf } from '../verdict'

/** A course in the words of the report, for Markdown and HTML alike. */
export function summaryOf(course: ScenarioRun) {
  const verdict = verdictOf(course)
  return {
    name: course.scenario.name,
    title: course.scenario.title,
    ok: verdict.ok,
    missing: verdict.missing,
    row: rowOf(course, verdict),
    observations: seenOf(course, verdict),
  }
}

export type RunSummary = ReturnType<typeof summaryOf>

export const tableHeadings = [
  ...['panne', 'verdict', 'alerte', 'première trace', 'déclenchée', 'notifiée', 'finie'],
  ...['demandes en échec', 'commandes dites / écrites', 'perdues, en double', 'stock'],
]

function rowOf({ scenario, watched }: ScenarioRun, { ok, firing_s, resolved_s, seen, audit }: Verdict): string[] {
  const notified_s = Object.values(seen.alerts)[0]?.notified_s
  return [
    ...[scenario.name, ok ? 'tenu' : 'non tenu', watched[0]?.expected.name ?? ''],
    ...[
      formatSeconds(seen.first_bad_trace_s),
      formatSeconds(firing_s),
      formatSeconds(notified_s),
      formatSeconds(resolved_s),
    ],
    `${seen.failed} sur ${seen.requests}`,
    ...auditTexts(audit),
  ]
}

function auditTexts(audit: AuditResult | null): string[] {
  if (!audit) return ['?', '?', '?']
  const { confirmed, stored, lost, doubled, miscounted } = audit
  return [
    `${confirmed} / ${stored}`,
    `${lost}, ${doubled}`,
    miscounted === 0 ? 'juste' : t`${miscounted} pièces d'écart`,
  ]
}

function seenOf({ scenario, evidence, guess, onsetMs, endMs }: ScenarioRun, { seen, audit }: Verdict): string[] {
  const { trace, line } = evidence
  return [
    t`Alertes : ${Object.entries(seen.alerts)
      .map(
        ([name, { firing_s, resolved_s }]) =>
          t`${name} (déclenchée ${formatSeconds(firing_s)}, finie ${formatSeconds(resolved_s)} après la fin)`,
      )
      .join(t` ; `)}`,
    ...Object.entries(seen.runbook).map(runbookText),
    ...(seen.other_alerts.length > 0 ? [t`Aussi en cours : ${seen.other_alerts.join(', ')}`] : []),
    ...(trace ? [t`Trace : ${trace.service} « ${trace.name} », ${JSON.stringify(scenario.span?.tags)}`] : []),
    ...(line ? [t`Ligne : ${line.service} « ${line.text} »`] : []),
    ...(scenario.sli
      ? [
          t`Indicateur : ${percent(seen.sli)} de mauvaises demandes de ${scenario.sli.service} (${scenario.sli.sli}), au pire`,
        ]
      : []),
    t`Clients : ${plural(seen.requests, 'demande', 'demandes')} en ${formatSeconds((endMs - onsetMs) / 1000)}, dont ${seen.failed} en échec`,
    ...(audit && audit.unanswered > 0
      ? [t`Sans réponse à la fin : ${plural(audit.unanswered, 'client', 'clients')}`]
      : []),
    ...(guess === undefined ? [] : [t`Deviné : « ${guess || 'rien'} »`]),
  ]
}

function runbookText([name, { queries, answered, cause_named_s, first }]: [string, RunbookResult]): string {
  const named =
    cause_named_s === null
      ? ''
      : t` ; la première nomme la cause ${formatSeconds(cause_named_s)} après le déclenchement`
  return t`Runbook ${name} : ${answered} sur ${plural(queries, 'requête répond', 'requêtes répondent')}${named}${first === null ? '' : t` : ${first}`}`
}

/** `16,2 s`; a dash for what was not. */
export const formatSeconds = (seconds: number | null | undefined) =>
  seconds == null ? '–' : `${decimal(seconds)}\u00a0s`
const percent = (share: number | null) => t`${decimal((share ?? 0) * 100)} %`
