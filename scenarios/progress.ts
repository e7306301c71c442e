import { decimal } from '../src/typography'
import { type Happened, timeline } from './timeline'

/** Says each moment once, when it is first known. */
export function progress(say: (line: string) => void): (so: Happened) => void {
  const said = new Set<string>(['début de la panne'])
  return (so) => {
    for (const { atS, what } of timeline(so)) {
      if (said.has(what)) continue
      said.add(what)
      say(`${decimal(atS).padStart(7)}\u00a0s  ${what}`)
    }
  }
}
