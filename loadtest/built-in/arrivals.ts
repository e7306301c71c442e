import type { Scenario } from '../shapes.ts'

interface Stage {
  durationS: number
  /** Arrivals per second at the end of the stage. */
  perS: number
}

/**
 * Planned starts of journeys, in milliseconds from the start of the scenario. Arrival n is planned for the time when the integral of
 * the rate is n, so a constant rate is evenly spaced.
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
      const rest = n - before
      const root = Math.sqrt(Math.max(0, fromPerS * fromPerS + 2 * slope * rest))
      const t = rest === 0 ? 0 : (2 * rest) / (fromPerS + root)
      yield (stageStartS + t) * 1000
    }
    before += arrivals
    stageStartS += durationS
    fromPerS = perS
  }
}

/** Duration of a scenario in milliseconds. */
export const durationMs = ({ stages }: Pick<Scenario, 'stages'>): number =>
  stages.reduce((sum, { duration }) => sum + parseSeconds(duration) * 1000, 0)

/** Seconds of a duration of `scenariosOf`, such as `12s`. */
export const parseSeconds = (duration: string): number => Number.parseFloat(duration)

const readStage = ({ duration, target }: Scenario['stages'][number]): Stage => ({
  durationS: parseSeconds(duration),
  perS: perSecond(target),
})

// Rates of `scenariosOf` are per ten seconds, because k6 accepts only whole numbers.
const perSecond = (per10s: number): number => per10s / 10
