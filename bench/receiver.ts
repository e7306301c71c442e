import { logRecordsIn, metricsIn, spansIn } from '@vitrine/telemetry/testing'

/** What a receiver took, as it says when it stops. */
export interface ReceivedCounts {
  spans: number
  logs: number
  /** Items that the senders said were dropped, by the metric that says it; the highest value. */
  dropped: Record<string, number>
}

/**
 * An OTLP/HTTP receiver that accepts everything; in a process of its own, so that its work is not counted. With `counts` it
 * reads what it gets, and says what that was when it stops.
 */
export async function startReceiver({ port = 0, counts = false } = {}) {
  const child = Bun.spawn([process.execPath, import.meta.path, String(port), String(counts)], { stdout: 'pipe' })
  const reader = child.stdout.getReader()
  const said = async () => new TextDecoder().decode((await reader.read()).value).trim()
  const url = await said()
  return {
    url,
    async stop(): Promise<ReceivedCounts> {
      child.kill()
      const taken = JSON.parse(await said())
      await child.exited
      return taken
    },
  }
}

if (import.meta.main) {
  const counts = process.argv[3] === 'true'
  const taken: ReceivedCounts = { spans: 0, logs: 0, dropped: {} }
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: Number(process.argv[2]),
    async fetch(request) {
      const bytes = await request.arrayBuffer()
      if (counts) count(JSON.parse(new TextDecoder().decode(Bun.gunzipSync(bytes))))
      return Response.json({})
    },
  })
  process.stdout.write(`http://127.0.0.1:${server.port}\n`)
  process.on('SIGTERM', async () => {
    await server.stop()
    process.stdout.write(`${JSON.stringify(taken)}\n`)
    process.exit(0)
  })

  function count(body: unknown): void {
    taken.spans += spansIn(body).length
    taken.logs += logRecordsIn(body).length
    for (const { name, points } of metricsIn(body)) {
      const full = points.find(({ attributes }) => attributes['error.type'] === 'queue_full')
      if (full) taken.dropped[name] = Math.max(taken.dropped[name] ?? 0, full.value)
    }
  }
}
