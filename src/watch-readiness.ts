// Random, so that the callers of a peer that restarts do not probe together.
const pauseMs = { min: 100, max: 400 }

/** Asks a peer that failed whether it is ready, from `start` until it is or until `stop`. */
export function watchReadiness(isPeerReady: () => Promise<boolean>) {
  let isReady = false
  let current: symbol | undefined

  return { isReady: () => isReady, start, stop }

  /** @param acceptsFirst whether the first ready response counts. Otherwise the peer has to be unready in between. */
  function start({ acceptsFirst }: { acceptsFirst: boolean }): void {
    const watch = Symbol('watch')
    current = watch
    isReady = false
    schedule(acceptsFirst)

    function schedule(acceptsReady: boolean): void {
      const delayMs = pauseMs.min + Math.random() * (pauseMs.max - pauseMs.min)
      setTimeout(() => void probe(acceptsReady), delayMs).unref()
    }
    async function probe(acceptsReady: boolean): Promise<void> {
      if (current !== watch) return
      const isReadyNow = await isPeerReady().catch(() => false)
      if (current !== watch) return
      isReady = isReadyNow && acceptsReady
      if (!isReady) schedule(acceptsReady || !isReadyNow)
    }
  }

  function stop(): void {
    current = undefined
    isReady = false
  }
}
