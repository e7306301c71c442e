import type { Clock } from './clock'

interface OpenLoopOptions {
  clock: Clock
  /** Planned start times on the clock, ascending. */
  timesMs: Iterable<number>
  /** Starts one piece of work. It must not reject. */
  start: (plannedMs: number) => Promise<unknown>
  /** Work above this limit is dropped. */
  maxActive?: number
  /** The work that is active; pass a set to observe it. */
  active?: Set<Promise<unknown>>
  onLag?: (ms: number) => void
  onDropped?: () => void
  /** Ends the loop; active work continues. */
  signal?: AbortSignal
}

/** Starts work at its planned times, whether earlier work has ended or not (an open model). Resolves after the last start. */
export async function runOpenLoop({
  clock,
  timesMs,
  start,
  maxActive = Number.POSITIVE_INFINITY,
  active = new Set(),
  onLag,
  onDropped,
  signal,
}: OpenLoopOptions): Promise<void> {
  const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
  for (const plannedMs of timesMs) {
    if (clock.nowMs() < plannedMs) await Promise.race([clock.sleepUntil(plannedMs), aborted])
    if (signal?.aborted) return
    onLag?.(clock.nowMs() - plannedMs)
    if (active.size >= maxActive) onDropped?.()
    else {
      const work = start(plannedMs).finally(() => active.delete(work))
      active.add(work)
    }
  }
}

/** Evenly spaced times from now until `endMs`, at a rate per second that may change on the way. */
export function* timesAtRate(
  clock: Clock,
  ratePerS: () => number,
  endMs = Number.POSITIVE_INFINITY,
): Generator<number, void> {
  for (let ms = clock.nowMs(); ms < endMs; ms += 1000 / ratePerS()) yield ms
}
