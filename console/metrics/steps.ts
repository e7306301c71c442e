import type { TimeWindow } from '../ui/time-window'
import type { Increase } from './increase'

/** A stretch of time that is cut into equal steps, of which only whole ones are shown. */
export interface Steps {
  startsUs: number[]
  lengthUs: number
  fromUs: number
  toUs: number
}

const slotUs = 10_000_000
const mostSteps = 60
/** Programs send their metrics every five seconds: until then a step is not whole. */
const lateUs = 5_000_000

/** Some sixty steps of whole slots. */
export function stepsOf({ seconds, toUs }: Pick<TimeWindow, 'seconds' | 'toUs'>): Steps {
  const lengthUs = Math.ceil((seconds * 1_000_000) / mostSteps / slotUs) * slotUs
  const endUs = Math.floor((toUs - lateUs) / lengthUs) * lengthUs
  const count = Math.round((seconds * 1_000_000) / lengthUs)
  const fromUs = endUs - count * lengthUs
  return {
    startsUs: Array.from({ length: count }, (_, index) => fromUs + index * lengthUs),
    lengthUs,
    fromUs,
    toUs: endUs,
  }
}

/** Adds to each step its part of what was added, evenly over the time in which it came. */
export function spreadOverSteps(into: number[], steps: Steps, { fromUs, toUs }: Increase, amount: number): void {
  const duration = toUs - fromUs
  if (duration <= 0) {
    const at = stepAt(steps, toUs)
    if (at in into) into[at] = (into[at] ?? 0) + amount
    return
  }
  const last = Math.min(into.length - 1, stepAt(steps, toUs))
  for (let at = Math.max(0, stepAt(steps, fromUs)); at <= last; at++) {
    const startUs = steps.startsUs[at] ?? 0
    const overlap = Math.min(toUs, startUs + steps.lengthUs) - Math.max(fromUs, startUs)
    into[at] = (into[at] ?? 0) + (amount * Math.max(0, overlap)) / duration
  }
}

/** Which step a time lies in: below 0 or beyond the last where in none. */
export const stepAt = ({ fromUs, lengthUs }: Steps, us: number): number => Math.floor((us - fromUs) / lengthUs)

export const zeroPerStep = ({ startsUs }: Steps): number[] => new Array(startsUs.length).fill(0)
