import { alertTitle } from '../alert-watch'
import type { RunbookCheck } from '../runbook-check'
import { type ScenarioRun, secondsBetween } from '../verdict'

export interface TimelineEvent {
  /** Seconds from the onset. */
  atS: number
  text: string
}

export type RunSoFar = Pick<ScenarioRun, 'onsetMs' | 'watched' | 'evidence' | 'runbookChecks'> & { endMs?: number }

const onsetText = 'fault injected'

/** The events of a run in order: onset, first evidence, each alert's states, runbook results, end. */
export function timeline({ onsetMs, endMs, watched, evidence, runbookChecks }: RunSoFar): TimelineEvent[] {
  const at = (ms: number | undefined, text: string) => ({ atS: secondsBetween(onsetMs, ms), text })
  const events = [
    at(onsetMs, onsetText),
    at(evidence.trace?.atMs, 'first bad trace'),
    at(evidence.line?.atMs, 'first log record'),
    ...watched.flatMap(({ expected, firedBefore, pendingMs, firingMs, notifiedMs, resolvedMs }) => [
      at(pendingMs, `${alertTitle(expected)} pending`),
      at(firingMs, `${alertTitle(expected)} ${firedBefore ? 'still firing from before' : 'firing'}`),
      at(notifiedMs, `${alertTitle(expected)} notified`),
      at(resolvedMs, `${alertTitle(expected)} resolved`),
    ]),
    ...runbookChecks.map(({ expected: { name }, causeNamedMs }) => at(causeNamedMs, `runbook ${name} names the cause`)),
    ...runbookChecks.map((check) =>
      at(
        lastResultMs(check),
        `runbook ${check.expected.name}: ${check.queries.length} of ${check.queries.length} queries returned rows`,
      ),
    ),
    at(endMs, 'fault reverted'),
  ]
  return events.filter((event): event is TimelineEvent => event.atS !== null).sort((a, b) => a.atS - b.atS)
}

/** When the last of its queries first returned rows; `undefined` while one has not. */
function lastResultMs({ queries }: RunbookCheck): number | undefined {
  const lastMs = Math.max(...queries.map((one) => one.firstResultMs ?? Number.POSITIVE_INFINITY))
  return Number.isFinite(lastMs) ? lastMs : undefined
}

/** Prints each event once, when it first appears. The onset is printed by the runner. */
export function createProgressPrinter(print: (line: string) => void): (run: RunSoFar) => void {
  const printed = new Set([onsetText])
  return (run) => {
    for (const { atS, text } of timeline(run)) {
      if (printed.has(text)) continue
      printed.add(text)
      print(`${atS.toFixed(1).padStart(7)} s  ${text}`)
    }
  }
}
