import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Store } from './store'
import { traceSize } from './trace/load-trace'

const intervalMs = 1000
const keepAliveMs = 15_000

/**
 * Server-sent events for open pages, which compare them to notice that they are stale: the counts of received telemetry, or
 * with `?trace=` the size of one trace. Checked once a second, and sent on change.
 */
export function eventStream(store: Store) {
  return (c: Context) => {
    const traceId = c.req.query('trace')
    const count = () => (traceId ? { trace: traceSize(store.db, traceId) } : store.receivedCounts())
    return streamSSE(c, async (stream) => {
      let lastSent = ''
      let lastSentMs = 0
      while (!stream.aborted) {
        const data = JSON.stringify(count())
        if (data !== lastSent || Date.now() - lastSentMs > keepAliveMs) {
          await stream.writeSSE({ data })
          lastSent = data
          lastSentMs = Date.now()
        }
        await stream.sleep(intervalMs)
      }
    })
  }
}
