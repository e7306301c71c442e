import { plural } from '../../src/typography'
import { alertTitle } from '../alert-watch'
import type { RunbookCheck } from '../runbook-check'
import { type ScenarioRun, secondsBetween } from '../verdict'

export interface TimelineEvent {
  /** From the onset. */
  atS: number
  text: string
}

export type RunSoFar = Pick<ScenarioRun, 'onsetMs' | 'watched' | 'evidence' | 'runbookChecks'> & { endMs?: number }

/** What happened when: onset, first bad trace, each alert pending, firing, told, read about and over, the end. In order. */
export function timeline({ onsetMs, endMs, watched, evidence, runbookChecks }: RunSoFar): TimelineEvent[] {
  const at = (ms: number | undefined, text: string) => ({ atS: secondsBetween(onsetMs, ms), text })
  const moments = [
    at(onsetMs, 'début de la panne'),
    at(evidence.trace?.atMs, 'première trace fautive'),
    at(evidence.line?.atMs, 'première ligne de journal'),
    ...watched.flatMap(({ expected, firedBefore, pendingMs, firingMs, notifiedMs, resolvedMs }) => [
      at(pendingMs, `${alertTitle(expected)} en attente`),
      at(firingMs, `${alertTitle(expected)} ${firedBefore ? 'encore déclenchée d’avant' : 'déclenchée'}`),
      at(notifiedMs, `${alertTitle(expected)} notifiée`),
      at(resolvedMs, `${alertTitle(expected)} finie`),
    ]),
    ...runbookChecks.map(({ expected: { name }, causeNamedMs }) =>
      at(causeNamedMs, `le runbook ${name} nomme la cause`),
    ),
    ...runbookChecks.map((one) => at(lastResultMs(one), allAnswered(one))),
    at(endMs, 'fin de la panne'),
  ]
  return moments.filter((moment): moment is TimelineEvent => moment.atS !== null).sort((a, b) => a.atS - b.atS)
}

/** When the last of its queries had answered. */
function lastResultMs({ queries }: RunbookCheck): number | undefined {
  const moments = queries.map((one) => one.firstResultMs ?? Number.POSITIVE_INFINITY)
  const lastMs = Math.max(...moments)
  return Number.isFinite(lastMs) ? lastMs : undefined
}

const allAnswered = ({ expected: { name }, queries }: RunbookCheck) =>
  `le runbook ${name} a répondu à ${plural(queries.length, 'requête', 'requêtes')}`
