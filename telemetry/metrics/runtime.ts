import { monitorEventLoopDelay } from 'node:perf_hooks'
import { builtInDeclarations } from '../built-in-declarations'
import { type InstrumentMeter, instruments } from './instruments'

/**
 * Reports the process itself: CPU time, memory and the event loop's delay since the last export.
 * Source: semantic conventions 1.44, "Runtime environment". Returns what stops the measuring.
 */
export function observeRuntime(meter: InstrumentMeter): () => void {
  const { observe } = instruments(meter)
  const { cpuTime, memoryUsage, loopDelayMean, loopDelayP99, loopDelayMax } = builtInDeclarations.metrics
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const seconds = (nanoseconds: number) => (Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0)

  observe(cpuTime, () => {
    const { user, system } = process.cpuUsage()
    return [
      [user / 1e6, { 'cpu.mode': 'user' }],
      [system / 1e6, { 'cpu.mode': 'system' }],
    ]
  })
  observe(memoryUsage, () => [[process.memoryUsage.rss()]])
  observe(loopDelayMean, () => [[seconds(delay.mean)]])
  observe(loopDelayP99, () => [[seconds(delay.percentile(99))]])
  observe(loopDelayMax, () => {
    const longest = seconds(delay.max)
    // The last of the three to be read.
    delay.reset()
    return [[longest]]
  })
  return () => delay.disable()
}
