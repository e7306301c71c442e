import { decimal } from '../../src/typography'
import { type RunSoFar, timeline } from './timeline'

/** Says each moment once, when it is first known. */
export function createProgressPrinter(say: (line: string) => void): (so: RunSoFar) => void {
  const said = new Set<string>(['début de la panne'])
  return (so) => {
    for (const { atS, text } of timeline(so)) {
      if (said.has(text)) continue
      said.add(text)
      say(`${decimal(atS).padStart(7)}\u00a0s  ${text}`)
    }
  }
}
