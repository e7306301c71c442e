import type { AuditResult } from '../audit'
import type { RunbookResult, ScenarioRun, Verdict } from '../verdict'
import { verdictOf } from '../verdict'

/** The texts of a run, for the reports in Markdown and HTML. */
export function summaryOf(run: ScenarioRun) {
  const verdict = verdictOf(run)
  return {
    name: run.scenario.name,
    title: run.scenario.title,
    ok: verdict.ok,
    missing: verdict.missing,
    row: rowOf(run, verdict),
    observations: observationsOf(run, verdict),
  }
}

export type RunSummary = ReturnType<typeof summaryOf>

export const tableHeadings = [
  ...['scenario', 'verdict', 'alert', 'first bad trace', 'firing', 'notified', 'resolved'],
  ...['failed requests', 'orders confirmed / stored', 'lost, doubled', 'stock'],
]

function rowOf({ scenario, watched }: ScenarioRun, { ok, firing_s, resolved_s, seen, audit }: Verdict): string[] {
  const notified_s = Object.values(seen.alerts)[0]?.notified_s
  return [
    ...[scenario.name, ok ? 'passed' : 'failed', watched[0]?.expected.name ?? ''],
    ...[seen.first_bad_trace_s, firing_s, notified_s, resolved_s].map(formatSeconds),
    `${seen.failed} of ${seen.requests}`,
    ...auditCells(audit),
  ]
}

function auditCells(audit: AuditResult | null): string[] {
  if (!audit) return ['?', '?', '?']
  const { confirmed, stored, lost, doubled, miscounted } = audit
  return [`${confirmed} / ${stored}`, `${lost}, ${doubled}`, miscounted === 0 ? 'correct' : `${miscounted} pieces off`]
}

function observationsOf(
  { scenario, evidence, guess, onsetMs, endMs }: ScenarioRun,
  { seen, audit }: Verdict,
): string[] {
  const { trace, line } = evidence
  const { sli } = scenario
  const alerts = Object.entries(seen.alerts).map(
    ([name, { firing_s, resolved_s }]) =>
      `${name} (fired after ${formatSeconds(firing_s)}, resolved ${formatSeconds(resolved_s)} after the end)`,
  )
  const duration = formatSeconds((endMs - onsetMs) / 1000)
  return [
    `Alerts: ${alerts.join('; ')}`,
    ...Object.entries(seen.runbook).map(runbookText),
    ...(seen.other_alerts.length > 0 ? [`Other firing alerts: ${seen.other_alerts.join(', ')}`] : []),
    ...(trace ? [`Trace: ${trace.service} "${trace.name}", ${JSON.stringify(scenario.span?.tags)}`] : []),
    ...(line ? [`Log record: ${line.service} "${line.text}"`] : []),
    ...(sli ? [`Bad requests (${sli.sli}) of ${sli.service}: ${formatPercent(seen.sli)} at most`] : []),
    `Shoppers: ${seen.requests} requests in ${duration}, ${seen.failed} failed`,
    ...(audit && audit.unanswered > 0 ? [`Orders without a final response: ${audit.unanswered}`] : []),
    ...(guess === undefined ? [] : [`Guess: "${guess || 'none'}"`]),
  ]
}

function runbookText([name, { queries, with_rows, cause_named_s, first }]: [string, RunbookResult]): string {
  const cause =
    cause_named_s === null ? '' : `; the first one names the cause ${formatSeconds(cause_named_s)} after firing`
  return `Runbook ${name}: ${with_rows} of ${queries} queries returned rows${cause}${first === null ? '' : `: ${first}`}`
}

/** `16.2 s`; a dash for an event that did not happen. */
export const formatSeconds = (seconds: number | null | undefined) => (seconds == null ? '–' : `${seconds.toFixed(1)} s`)
const formatPercent = (ratio: number | null) => `${((ratio ?? 0) * 100).toFixed(1)} %`
