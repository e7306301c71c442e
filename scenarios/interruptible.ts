import type { World } from './world'

export interface Interruptible {
  /** For what plays. */
  world: World
  /** For what puts back. */
  whole: World
  /** When what was being broken is broken: it could not be put back before. */
  settled(): Promise<unknown>
}

/**
 * The same world, in which nothing can be broken any more once `ctrlC` is aborted: what still plays then waits for the end of
 * the process.
 */
export function interruptible(whole: World, ctrlC: AbortSignal): Interruptible {
  const underWay = new Set<unknown>()
  const { kill, fault, stock } = whole
  return {
    world: { ...whole, kill: held(kill), fault: held(fault), stock: held(stock) },
    whole,
    settled: () => Promise.allSettled(underWay),
  }

  function held<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      if (ctrlC.aborted) return new Promise<never>(() => {}) as R
      const result = work(...args)
      underWay.add(result)
      return result
    }
  }
}
