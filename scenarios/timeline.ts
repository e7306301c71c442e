import { plural } from '../src/typography'
import { titleOf } from './alert-watch'
import type { Reading } from './reading'
import { type Course, seconds } from './verdict'

export interface Moment {
  /** From the onset. */
  atS: number
  what: string
}

export type Happened = Pick<Course, 'onsetMs' | 'watched' | 'evidence' | 'readings'> & { endMs?: number }

/** What happened when: onset, first bad trace, each alert pending, firing, told, read about and over, the end. In order. */
export function timeline({ onsetMs, endMs, watched, evidence, readings }: Happened): Moment[] {
  const at = (ms: number | undefined, what: string) => ({ atS: seconds(onsetMs, ms), what })
  const moments = [
    at(onsetMs, 'début de la panne'),
    at(evidence.trace?.atMs, 'première trace fautive'),
    at(evidence.line?.atMs, 'première ligne de journal'),
    ...watched.flatMap(({ expected, already, pendingMs, firingMs, toldMs, clearedMs }) => [
      at(pendingMs, `${titleOf(expected)} en attente`),
      at(firingMs, `${titleOf(expected)} ${already ? 'encore déclenchée d’avant' : 'déclenchée'}`),
      at(toldMs, `${titleOf(expected)} notifiée`),
      at(clearedMs, `${titleOf(expected)} finie`),
    ]),
    ...readings.map(({ expected: { name }, namedMs }) => at(namedMs, `le runbook ${name} nomme la cause`)),
    ...readings.map((one) => at(answeredMs(one), allAnswered(one))),
    at(endMs, 'fin de la panne'),
  ]
  return moments.filter((moment): moment is Moment => moment.atS !== null).sort((a, b) => a.atS - b.atS)
}

/** When the last of its queries had answered. */
function answeredMs({ queries }: Reading): number | undefined {
  const moments = queries.map((one) => one.answeredMs ?? Number.POSITIVE_INFINITY)
  const lastMs = Math.max(...moments)
  return Number.isFinite(lastMs) ? lastMs : undefined
}

const allAnswered = ({ expected: { name }, queries }: Reading) =>
  `le runbook ${name} a répondu à ${plural(queries.length, 'requête', 'requêtes')}`
