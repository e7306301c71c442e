import type { TimeWindow } from '../ui/time-window'
import type { Increase } from './increase'

/** A period in equal steps. An incomplete last step is excluded. */
export interface Steps {
  startsUs: number[]
  lengthUs: number
  fromUs: number
  toUs: number
}

const slotUs = 10_000_000
const maxSteps = 60
/** Services export metrics every 5 s, so a step is complete 5 s after its end. */
const exportDelayUs = 5_000_000

/** At most 60 steps whose length is a multiple of 10 s. */
export function stepsOf({ seconds, toUs }: Pick<TimeWindow, 'seconds' | 'toUs'>): Steps {
  const lengthUs = Math.ceil((seconds * 1_000_000) / maxSteps / slotUs) * slotUs
  const endUs = Math.floor((toUs - exportDelayUs) / lengthUs) * lengthUs
  const count = Math.round((seconds * 1_000_000) / lengthUs)
  const fromUs = endUs - count * lengthUs
  return {
    startsUs: Array.from({ length: count }, (_, index) => fromUs + index * lengthUs),
    lengthUs,
    fromUs,
    toUs: endUs,
  }
}

/** Adds an amount to the steps of an increase, in proportion to their overlap. */
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

/** The index of the step at a time. A time outside of the period has an index outside of the steps. */
export const stepAt = ({ fromUs, lengthUs }: Steps, us: number): number => Math.floor((us - fromUs) / lengthUs)

export const zeroPerStep = ({ startsUs }: Steps): number[] => new Array(startsUs.length).fill(0)
