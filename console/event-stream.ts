import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Store } from './store'
import { traceSize } from './trace/load-trace'

const everyMs = 1000
const aliveEveryMs = 15_000

/**
 * Tells once a second how many of each have ever come, or with `?trace=` how much of one trace is here, when it has changed:
 * pages that are open know how stale they are.
 */
export function eventStream(store: Store) {
  return (c: Context) => {
    const traceId = c.req.query('trace')
    const count = () => (traceId ? { trace: traceSize(store.db, traceId) } : store.newest())
    return streamSSE(c, async (stream) => {
      let said = ''
      let saidMs = 0
      while (!stream.aborted) {
        const now = JSON.stringify(count())
        if (now !== said || Date.now() - saidMs > aliveEveryMs) {
          await stream.writeSSE({ data: now })
          said = now
          saidMs = Date.now()
        }
        await stream.sleep(everyMs)
      }
    })
  }
}
