// Random, so that the callers of a peer that restarts do not probe together.
const pauseMs = { min: 100, max: 400 }

/** Asks a peer that failed whether it is ready, from `start` until it is or until `stop`. */
export function watchReadiness(isPeerReady: () => Promise<boolean>) {
  let isReady = false
  let current: symbol | undefined

  return { isReady: () => isReady, start, stop }

  /** @param believes whether the peer's first response counts. Otherwise it has to be unready in between. */
  function start({ believes }: { believes: boolean }): void {
    const watch = Symbol('watch')
    current = watch
    isReady = false
    schedule(believes)

    function schedule(believesNow: boolean): void {
      const delayMs = pauseMs.min + Math.random() * (pauseMs.max - pauseMs.min)
      setTimeout(() => void probe(believesNow), delayMs).unref()
    }
    async function probe(believesNow: boolean): Promise<void> {
      if (current !== watch) return
      const isReadyNow = await isPeerReady().catch(() => false)
      if (current !== watch) return
      isReady = isReadyNow && believesNow
      if (!isReady) schedule(believesNow || !isReadyNow)
    }
  }

  function stop(): void {
    current = undefined
    isReady = false
  }
}
