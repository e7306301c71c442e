import type { ScenarioContext } from './context'

export interface Interruptible {
  /** For what plays. */
  context: ScenarioContext
  /** For what puts back. */
  revertContext: ScenarioContext
  /** When what was being broken is broken: it could not be put back before. */
  injectionsSettled(): Promise<unknown>
}

/**
 * The same world, in which nothing can be broken any more once `ctrlC` is aborted: what still plays then waits for the end of
 * the process.
 */
export function interruptible(revertContext: ScenarioContext, ctrlC: AbortSignal): Interruptible {
  const underWay = new Set<unknown>()
  const { kill, setFault, setStock } = revertContext
  return {
    context: { ...revertContext, kill: held(kill), setFault: held(setFault), setStock: held(setStock) },
    revertContext,
    injectionsSettled: () => Promise.allSettled(underWay),
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
