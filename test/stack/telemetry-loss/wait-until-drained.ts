const exporters = ['otlp_grpc/jaeger', 'otlp_http/loki', 'otlp_http/prometheus']
/** Until the sampler looks again, and a batch's wait for others. */
const restMs = 3000

/**
 * Until all that a collector had accepted before has left it. Each queue has been seen empty once: they are first in, first out,
 * and metrics of spans come for ever.
 * @param decisionMs how long the sampler may wait after the last span
 * @throws Error that names the queue which does not become empty
 */
export async function waitUntilDrained(
  collectorMetrics: string,
  decisionMs: number,
  withinMs = 120_000,
): Promise<void> {
  await Bun.sleep(decisionMs + restMs)
  const endMs = performance.now() + withinMs
  for (const exporter of exporters) {
    while ((await queueOf(collectorMetrics, exporter)) !== 0) {
      if (performance.now() > endMs) throw new Error(`the queue of ${exporter} is not empty after ${withinMs} ms`)
      await Bun.sleep(250)
    }
  }
  // What has left a queue may be under way.
  await Bun.sleep(2000)
}

async function queueOf(collectorMetrics: string, exporter: string): Promise<number> {
  const text = await (await fetch(`${collectorMetrics}/metrics`)).text()
  const line = new RegExp(`^otelcol_exporter_queue_size\\{[^}]*exporter="${exporter}"[^}]*\\} (\\S+)$`, 'm').exec(text)
  return Number(line?.[1] ?? Number.NaN)
}
