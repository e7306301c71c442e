import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { InstrumentMeter } from './instruments'

/**
 * Reports the process itself: `process.cpu.time` (s, by `cpu.mode`), `process.memory.usage` (By) and the event loop's
 * delay (`nodejs.eventloop.delay.*`, s, since the last export). Source: semantic conventions, "Runtime environment".
 * Returns what stops the measuring.
 */
export function observeRuntime(meter: InstrumentMeter): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()

  meter
    .createObservableCounter('process.cpu.time', { unit: 's', description: 'CPU seconds used by the process' })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage()
      result.observe(user / 1e6, { 'cpu.mode': 'user' })
      result.observe(system / 1e6, { 'cpu.mode': 'system' })
    })
  meter
    .createObservableUpDownCounter('process.memory.usage', {
      unit: 'By',
      description: 'Resident memory of the process',
    })
    .addCallback((result) => result.observe(process.memoryUsage.rss()))

  const gauge = (name: string, description: string) =>
    meter.createObservableGauge(`nodejs.eventloop.delay.${name}`, { unit: 's', description })
  const mean = gauge('mean', 'Mean delay of the event loop since the last export')
  const p99 = gauge('p99', '99th percentile of the delay of the event loop since the last export')
  const max = gauge('max', 'Longest delay of the event loop since the last export')
  meter.addBatchObservableCallback(
    (result) => {
      const seconds = (nanoseconds: number) => (Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0)
      result.observe(mean, seconds(delay.mean))
      result.observe(p99, seconds(delay.percentile(99)))
      result.observe(max, seconds(delay.max))
      delay.reset()
    },
    [mean, p99, max],
  )
  return () => delay.disable()
}
