import { expect, test } from 'bun:test'
import { createMetrics } from './metrics'
import { createProgress } from './progress'

const metrics = createMetrics()
metrics.observer.journey?.({ rate: undefined, hasReachedEnd: true })
metrics.observer.dropped?.(undefined)
metrics.observer.request?.({
  ...{ phase: 'load', step: 'home', scenario: 'shop', rate: undefined, plannedMs: 0, startedMs: 1, endedMs: 30 },
  ...{ status: 503, hasExpectedStatus: false, traceId: '', error: '' },
})
metrics.observer.lag?.(1)

const line =
  '15 of 90 s · 1 journeys ended, 7 active · 1 requests, p95 30.0 ms, 1 failed · 1 dropped · engine lag p99 1.0 ms'

test('a terminal shows one line, which never exceeds its width and is erased at the end', () => {
  const { written, show, end } = progress(40)
  show(1)
  show(15)
  end()
  expect(written).toEqual([
    `\r${line.replace('15', '1').slice(0, 39)}`,
    `\r${line.slice(0, 39)}`,
    `\r${' '.repeat(39)}\r`,
  ])
})

test('without a terminal a line is printed every 15 seconds', () => {
  const { written, show, end } = progress(undefined)
  for (let second = 1; second <= 20; second++) show(second)
  end()
  expect(written).toEqual([`${line}\n`])
})

function progress(columns: number | undefined) {
  const written: string[] = []
  const write = (text: string) => written.push(text)
  return { written, ...createProgress({ metrics, activeJourneys: () => 7, totalS: 90, columns, write }) }
}
