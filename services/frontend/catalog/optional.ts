import type { Telemetry } from '@vitrine/telemetry'
import { remainingMs } from '../../../src/deadline'
import { DomainError } from '../../../src/problem'

interface Entry<T> {
  value: T | undefined
  loading: Promise<void> | undefined
  /** When a newer value is loaded, by `performance.now()`. */
  untilMs: number
}

const freshMs = 60_000
const retryMs = 5_000
const maxEntries = 1000

/**
 * Loads optional parts of a page, by key. A value is used for a minute, and then until a newer one is loaded. Where there is
 * none, a request waits a tenth of its remaining time: a service that hangs or is down takes a section away, never a page.
 */
export function createOptional<T extends object>(telemetry: Telemetry, load: (key: string) => Promise<T>) {
  const entries = new Map<string, Entry<T>>()

  return async (key = ''): Promise<T | undefined> => {
    const entry = entries.get(key) ?? createEntry(key)
    if (!entry.loading && performance.now() >= entry.untilMs) entry.loading = reload(key, entry)
    if (!entry.value && entry.loading) await waitAtMost(remainingMs() / 10, entry.loading)
    return entry.value
  }

  function createEntry(key: string): Entry<T> {
    const [oldest] = entries.size >= maxEntries ? entries.keys() : []
    if (oldest !== undefined) entries.delete(oldest)
    const entry = { value: undefined, loading: undefined, untilMs: 0 }
    entries.set(key, entry)
    return entry
  }

  async function reload(key: string, entry: Entry<T>): Promise<void> {
    try {
      // Frozen, so that the HTML of a value can be memoized with it.
      entry.value = Object.freeze(await load(key))
      entry.untilMs = performance.now() + freshMs
    } catch (error) {
      if (!(error instanceof DomainError)) telemetry.recordException(error)
      entry.untilMs = performance.now() + retryMs
    }
    entry.loading = undefined
  }
}

async function waitAtMost(ms: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([work, promise])
  clearTimeout(timer)
}
