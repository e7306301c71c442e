import { titleOf } from './alert-watch'
import { type Course, seconds } from './verdict'

export interface Moment {
  /** From the onset. */
  atS: number
  what: string
}

export type Happened = Pick<Course, 'onsetMs' | 'watched' | 'evidence'> & { endMs?: number }

/** What happened when: onset, first bad trace, each alert pending, firing, told and over, the end. In order. */
export function timeline({ onsetMs, endMs, watched, evidence }: Happened): Moment[] {
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
    at(endMs, 'fin de la panne'),
  ]
  return moments.filter((moment): moment is Moment => moment.atS !== null).sort((a, b) => a.atS - b.atS)
}
