const eachMs = 500
const looksMetric = 'otelcol_processor_tail_sampling_sampling_decision_timer_latency_count'

/** How often the sampler must look, once a second, until it has decided. */
export interface SamplerWaits {
  decisionS: number
  /** After the root of a trace has come. */
  afterRootS: number
}

/** How long collector.yaml lets the sampler wait, as natively started without further settings. */
export async function readSamplerWaits(): Promise<SamplerWaits> {
  type File = { processors: { tail_sampling: Record<'decision_wait' | 'decision_wait_after_root_received', string> } }
  const { processors } = Bun.YAML.parse(await Bun.file('collector.yaml').text()) as File
  const { decision_wait, decision_wait_after_root_received = decision_wait } = processors.tail_sampling
  return { decisionS: seconds(decision_wait), afterRootS: seconds(decision_wait_after_root_received) }
}

function seconds(duration: string): number {
  const found = /(\d+)s\}?$/.exec(duration)?.[1]
  if (!found) throw new Error(`not in seconds: ${duration}`)
  return Number(found)
}

export type SamplerWatch = ReturnType<typeof watchSampler>

/** Notes when the sampler looked: on a busy machine, or while its queue takes long, a second is not a look. */
export function watchSampler(collectorMetrics: string) {
  const seen: { atMs: number; looks: number }[] = []
  const timer = setInterval(async () => {
    const atMs = Date.now()
    const asked = fetch(`${collectorMetrics}/metrics`, { signal: AbortSignal.timeout(eachMs) })
    const text = await asked.then((response) => response.text()).catch(() => '')
    const looks = new RegExp(`^${looksMetric}\\S* (\\S+)$`, 'm').exec(text)?.[1]
    if (looks) seen.push({ atMs, looks: Number(looks) })
  }, eachMs)
  return {
    stop: () => clearInterval(timer),
    /** How many looks surely began after one time and were over at another, by a collector that was killed then. */
    ticksBetween(fromMs: number, killMs: number): number {
      const first = seen.find(({ atMs }) => atMs >= fromMs)
      const last = seen.findLast(({ atMs }) => atMs <= killMs)
      return first && last && first.atMs <= last.atMs ? last.looks - first.looks : 0
    },
    /** Whether one collector ran all that time. */
    isSameProcess(fromMs: number, toMs: number): boolean {
      const between = seen.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
      return between.every(({ looks }, n) => looks >= (between[n - 1]?.looks ?? 0))
    },
  }
}
