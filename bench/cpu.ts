import type { Hono } from 'hono'

export interface Variant {
  app: Pick<Hono, 'fetch'>
  /** Path of the requests; a product's page by default. */
  path?: string
  /** Exports what is buffered. Its cost belongs to the requests. */
  flush: () => Promise<unknown>
}

export interface CpuCost {
  /** CPU microseconds per request. */
  min: number
  median: number
}

// After a burst the event loop turns once. Otherwise no export could be sent while the loop below is busy.
const burst = 50

/**
 * Measures this process' CPU time per request, over a fixed number of requests through `app.fetch`. The variants take turns, so
 * that a noisy minute affects all of them. The first round is a warm-up.
 */
export async function compareCpu(
  variants: Record<string, Variant>,
  requests: number,
  rounds: number,
): Promise<Record<string, CpuCost>> {
  const costs = new Map(Object.keys(variants).map((name) => [name, [] as number[]]))
  for (let round = -1; round < rounds; round++) {
    for (const [name, variant] of Object.entries(variants)) {
      const us = await cost(variant, requests)
      if (round >= 0) costs.get(name)?.push(us)
    }
  }
  return Object.fromEntries(
    [...costs].map(([name, all]) => {
      const sorted = all.toSorted((a, b) => a - b)
      return [name, { min: sorted[0] ?? 0, median: sorted[Math.floor(all.length / 2)] ?? 0 }]
    }),
  )
}

async function cost({ app, path = '/product/laptop-pro', flush }: Variant, requests: number): Promise<number> {
  Bun.gc(true)
  const before = process.cpuUsage()
  for (let n = 0; n < requests; n++) {
    const response = await app.fetch(new Request(`http://localhost:5000${path}`))
    await response.text()
    if (n % burst === 0) await new Promise((resume) => setImmediate(resume))
  }
  await flush()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / requests
}
