import { expect, test } from 'bun:test'
import { runOpenLoop, timesAtRate } from './open-loop'
import { createVirtualClock } from './virtual-clock'

test('work starts at its planned times while earlier work is still active', async () => {
  const { clock, runUntilSettled } = createVirtualClock()
  const started: number[] = []
  const start = () => {
    started.push(clock.nowMs())
    return new Promise(() => {})
  }
  await runUntilSettled(runOpenLoop({ clock, timesMs: timesAtRate(clock, () => 2, 2000), start }))
  expect(started).toEqual([0, 500, 1000, 1500])
})

test('a rate that changes applies from the next start', async () => {
  const { clock, runUntilSettled } = createVirtualClock()
  const started: number[] = []
  const ratePerS = () => (clock.nowMs() < 1000 ? 2 : 10)
  const start = async () => void started.push(clock.nowMs())
  await runUntilSettled(runOpenLoop({ clock, timesMs: timesAtRate(clock, ratePerS, 1300), start }))
  expect(started).toEqual([0, 500, 1000, 1100, 1200])
})

test('work above the limit is dropped, and an aborted loop starts nothing more', async () => {
  const { clock, runUntilSettled } = createVirtualClock()
  const controller = new AbortController()
  let dropped = 0
  const active = new Set<Promise<unknown>>()
  await runUntilSettled(
    runOpenLoop({
      ...{ clock, timesMs: timesAtRate(clock, () => 1), maxActive: 2, active, signal: controller.signal },
      start: () => new Promise(() => {}),
      onDropped: () => ++dropped === 3 && controller.abort(),
    }),
  )
  expect({ dropped, active: active.size }).toEqual({ dropped: 3, active: 2 })
})
