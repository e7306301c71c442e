import type { ScenarioContext } from './context'

export interface Interruptible {
  /** For the scenario. */
  context: ScenarioContext
  /** For the revert, which must work after an abort. */
  revertContext: ScenarioContext
  /** Resolves when the injections that have started are done. Only then they can be reverted. */
  injectionsSettled(): Promise<unknown>
}

/** Wraps a context so that it injects no fault after `signal` is aborted: such a call stays pending until the process ends. */
export function interruptible(revertContext: ScenarioContext, signal: AbortSignal): Interruptible {
  const started = new Set<unknown>()
  const { kill, setFault, setStock } = revertContext
  return {
    context: { ...revertContext, kill: guarded(kill), setFault: guarded(setFault), setStock: guarded(setStock) },
    revertContext,
    injectionsSettled: () => Promise.allSettled(started),
  }

  function guarded<A extends unknown[], R>(inject: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      if (signal.aborted) return new Promise<never>(() => {}) as R
      const result = inject(...args)
      started.add(result)
      return result
    }
  }
}
