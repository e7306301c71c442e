import type { Scenario } from '../shapes.ts'

interface Stage {
  durationS: number
  /** Arrivals per second at the end of the stage. */
  perS: number
}

/**
 * When journeys are planned to begin, in milliseconds from the start of the scenario: as often as the rate says, evenly spaced
 * where it is constant. Arrival n comes when the integral of the rate is n.
 */
export function* arrivalTimesMs({ startRate, stages }: Pick<Scenario, 'startRate' | 'stages'>): Generator<number> {
  let fromPerS = perSecond(startRate)
  let stageStartS = 0
  let before = 0
  let n = 0
  for (const { durationS, perS } of stages.map(readStage)) {
    const arrivals = ((fromPerS + perS) / 2) * durationS
    const slope = (perS - fromPerS) / durationS
    for (; n < before + arrivals - 1e-9; n++) {
      // The solution of fromPerS·t + slope·t²/2 = n − before that does not divide by a slope of zero.
      const missing = n - before
      const root = Math.sqrt(Math.max(0, fromPerS * fromPerS + 2 * slope * missing))
      const t = missing === 0 ? 0 : (2 * missing) / (fromPerS + root)
      yield (stageStartS + t) * 1000
    }
    before += arrivals
    stageStartS += durationS
    fromPerS = perS
  }
}

/** How long a scenario lasts, in milliseconds. */
export const durationMs = ({ stages }: Pick<Scenario, 'stages'>): number =>
  stages.reduce((sum, { duration }) => sum + parseSeconds(duration) * 1000, 0)

/** Seconds of a duration of `scenariosOf`, such as `12s`. */
export const parseSeconds = (duration: string): number => Number.parseFloat(duration)

const readStage = ({ duration, target }: Scenario['stages'][number]): Stage => ({
  durationS: parseSeconds(duration),
  perS: perSecond(target),
})

// Rates of `scenariosOf` are per ten seconds, because k6 takes whole numbers only.
const perSecond = (per10s: number): number => per10s / 10
