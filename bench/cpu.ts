import type { Hono } from 'hono'

export interface Variant {
  app: Pick<Hono, 'fetch'>
  /** What is asked for; a product's page by default. */
  path?: string
  /** Sends what the variant still holds; its cost is the requests' cost. */
  flush: () => Promise<unknown>
}

export interface CpuCost {
  /** CPU microseconds a request. */
  min: number
  median: number
}

// So many, and then a turn of the event loop: without it no export could leave while the loop below is busy.
const burst = 50

/**
 * CPU time of this process a request, over a fixed number of requests through `app.fetch`; the variants take turns, so that
 * a noisy minute hits all of them. The first round warms up and is not counted.
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
    const answer = await app.fetch(new Request(`http://localhost:5000${path}`))
    await answer.text()
    if (n % burst === 0) await new Promise((resume) => setImmediate(resume))
  }
  await flush()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / requests
}
