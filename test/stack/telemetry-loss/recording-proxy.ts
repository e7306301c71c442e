/** A request of OTLP/HTTP that the receiver has accepted, as it went over the wire. */
export interface AcceptedRequest {
  signal: 'traces' | 'metrics' | 'logs'
  body: Uint8Array
  isGzipped: boolean
  /** When the response arrived, ms since the epoch. */
  acceptedMs: number
}

const returnedHeaders = ['content-type', 'retry-after']

/**
 * A proxy before an OTLP/HTTP receiver: forwards each request once, returns its response, and stores the accepted requests
 * unparsed. An unreachable receiver is a 502, which exporters retry.
 */
export function startRecordingProxy(target: string) {
  const accepted: AcceptedRequest[] = []
  const failures = new Map<string, number>()
  let rejections = 0
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, idleTimeout: 60, fetch: pass })
  return {
    url: `http://127.0.0.1:${server.port}`,
    accepted,
    /** Responses other than 2xx, by status; `unreachable` without a response. */
    failures,
    /** Responses with a partial success. */
    partialSuccesses: () => rejections,
    stop: () => server.stop(true),
  }

  async function pass(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    const body = new Uint8Array(await request.arrayBuffer())
    const response = await fetch(`${target}${pathname}`, {
      method: request.method,
      headers: onlyOf(request.headers, ['content-type', 'content-encoding', 'user-agent']),
      body,
      signal: request.signal,
      // fetch itself would retry on a broken keep-alive connection.
      keepalive: false,
    }).catch(() => undefined)
    if (!response) return count('unreachable', new Response('the receiver is unreachable', { status: 502 }))
    const output = await response.text()
    const back = new Response(output, { status: response.status, headers: onlyOf(response.headers, returnedHeaders) })
    if (!response.ok) return count(String(response.status), back)
    if (/rejected\w*"\s*:\s*"?[1-9]/.test(output)) rejections++
    const signal = pathname.slice('/v1/'.length) as AcceptedRequest['signal']
    const isGzipped = request.headers.get('content-encoding') === 'gzip'
    accepted.push({ signal, body, isGzipped, acceptedMs: Date.now() })
    return back
  }

  function count(failure: string, response: Response): Response {
    failures.set(failure, (failures.get(failure) ?? 0) + 1)
    return response
  }
}

function onlyOf(headers: Headers, names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? '']] : [])))
}
