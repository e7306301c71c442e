import type { Waits } from './loss'

/** How long collector.yaml lets the sampler wait, as natively started without further settings. */
export async function samplerWaits(): Promise<Waits> {
  type File = { processors: { tail_sampling: Record<'decision_wait' | 'decision_wait_after_root_received', string> } }
  const { processors } = Bun.YAML.parse(await Bun.file('collector.yaml').text()) as File
  const { decision_wait, decision_wait_after_root_received = decision_wait } = processors.tail_sampling
  return { decisionMs: ms(decision_wait), afterRootMs: ms(decision_wait_after_root_received) }
}

function ms(duration: string): number {
  const seconds = /(\d+)s\}?$/.exec(duration)?.[1]
  if (!seconds) throw new Error(`not in seconds: ${duration}`)
  return Number(seconds) * 1000
}
