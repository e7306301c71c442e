import { logRecordsIn, metricsIn, spansIn } from '@vitrine/telemetry/testing'

/** What a receiver has received, as it reports when it stops. */
export interface ReceivedCounts {
  spans: number
  logs: number
  /** Spans and log records that senders reported as dropped: the highest value of each metric. */
  dropped: Record<string, number>
}

/**
 * Starts an OTLP/HTTP receiver that accepts everything, in its own process, so that its CPU time is not measured. With `counts` it
 * parses the requests, and `stop` resolves with the counts.
 */
export async function startReceiver({ port = 0, counts = false } = {}) {
  const child = Bun.spawn([process.execPath, import.meta.path, String(port), String(counts)], { stdout: 'pipe' })
  const reader = child.stdout.getReader()
  const readLine = async () => new TextDecoder().decode((await reader.read()).value).trim()
  const url = await readLine()
  return {
    url,
    async stop(): Promise<ReceivedCounts> {
      child.kill()
      const received = JSON.parse(await readLine())
      await child.exited
      return received
    },
  }
}

if (import.meta.main) {
  const counts = process.argv[3] === 'true'
  const received: ReceivedCounts = { spans: 0, logs: 0, dropped: {} }
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
    process.stdout.write(`${JSON.stringify(received)}\n`)
    process.exit(0)
  })

  function count(body: unknown): void {
    received.spans += spansIn(body).length
    received.logs += logRecordsIn(body).length
    for (const { name, points } of metricsIn(body)) {
      const full = points.find(({ attributes }) => attributes['error.type'] === 'queue_full')
      if (full) received.dropped[name] = Math.max(received.dropped[name] ?? 0, full.value)
    }
  }
}
