import { monitorEventLoopDelay } from 'node:perf_hooks'
import { builtInDeclarations } from '../built-in-declarations'
import { type InstrumentMeter, instruments } from './instruments'

/**
 * Observes the process: CPU time, memory, and the event loop's delay since the last collection.
 * Source: semantic conventions 1.44, "Runtime environment".
 * @returns a function that stops the measurement.
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
    // This is the last of the three callbacks.
    delay.reset()
    return [[longest]]
  })
  return () => delay.disable()
}
