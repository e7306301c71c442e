/**
 * Starts a server for one page, in its own process. Responses take 20 ms, one in twenty 60 ms, so that percentiles measure the
 * server and not the client. With `stallAfterS` it stalls once for 5 s.
 */
export async function startStaticServer({ stallAfterS = 0 } = {}) {
  const child = Bun.spawn([process.execPath, import.meta.path, String(stallAfterS)], { stdout: 'pipe' })
  const url = new TextDecoder().decode((await child.stdout.getReader().read()).value).trim()
  return {
    url,
    /** Requests since the last call, and how many came per second. */
    async takeArrivals() {
      return (await (await fetch(`${url}/arrivals`)).json()) as { requests: number; per_s: number }
    },
    async stop() {
      child.kill()
      await child.exited
    },
  }
}

const stallMs = 5000

if (import.meta.main) {
  const stallAfterMs = Number(process.argv[2]) * 1000
  const page = '<a href="/product/one">One</a>'
  const nowMs = () => performance.now()
  let [requests, firstMs, lastMs] = [0, 0, 0]
  let hasStalled = stallAfterMs === 0
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      if (request.url.endsWith('/arrivals')) return takeArrivals()
      lastMs = nowMs()
      if (requests++ === 0) firstMs = lastMs
      if (!hasStalled && lastMs - firstMs > stallAfterMs) {
        hasStalled = true
        Bun.sleepSync(stallMs)
      }
      await Bun.sleep(requests % 20 === 0 ? 60 : 20)
      return new Response(page, { headers: { 'Content-Type': 'text/html' } })
    },
  })
  process.stdout.write(`http://127.0.0.1:${server.port}\n`)

  function takeArrivals(): Response {
    const arrivals = { requests, per_s: ((requests - 1) / (lastMs - firstMs)) * 1000 }
    requests = 0
    return Response.json(arrivals)
  }
}
