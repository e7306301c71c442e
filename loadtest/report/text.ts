import type { NotableRequest } from '../notable-request.ts'
import { omitRepeated } from './omit-repeated.ts'
import type { Durations, LoadTestSummary, ThresholdResult } from './summary.ts'

/** The summary for a terminal. */
export function renderText(summary: LoadTestSummary): string {
  const { run, shape, question, url, thresholds } = summary
  const failed = omitRepeated(thresholds)
  return [
    '',
    `${run} (${shape}): ${question}`,
    `${arrivals(summary)} to ${url}`,
    '',
    ...(summary.stairs.length > 0 ? stairs(summary) : stepsOf(summary)),
    '',
    journeysOf(summary),
    engineOf(summary),
    ...(summary.mistakes.requests > 0 ? [mistakesOf(summary)] : []),
    `thresholds: ${thresholds.length - failed.length} passed, ${failed.length} failed`,
    ...failed.flatMap(failedLines),
    ...(summary.valid ? [] : invalidLines(summary)),
    '',
  ].join('\n')
}

function arrivals({ rate, peak_rate, duration_s, journey, think_s }: LoadTestSummary): string {
  const peak = peak_rate > rate ? ` (${peak_rate} at the peak)` : ''
  return `${rate} journeys/s${peak} for ${duration_s} s, ${journey}, ${think_s} s between pages,`
}

function stepsOf({ steps, all, all_from_sending }: LoadTestSummary): string[] {
  const sent = all_from_sending ? [{ step: 'all, since sent', ...all_from_sending }] : []
  const rows = [...steps, { step: 'all', ...all }, ...sent].map(({ step, ...durations }) => [step, ...cells(durations)])
  return table(['step', ...columns], rows)
}

function stairs({ stairs }: LoadTestSummary): string[] {
  const rows = stairs.map(({ rate, requests_per_s, dropped, ok, ...durations }) => [
    String(rate),
    requests_per_s?.toFixed(1) ?? '–',
    ...cells(durations),
    String(dropped),
    ok ? 'passed' : 'failed',
  ])
  return table(['journeys/s', 'requests/s', ...columns, 'dropped', ''], rows)
}

const columns = ['requests', 'failed', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms']

const cells = ({ requests, failed_share, p50_ms, p95_ms, p99_ms, max_ms }: Durations): string[] => [
  String(requests),
  percent(failed_share),
  ...[p50_ms, p95_ms, p99_ms, max_ms].map((ms) => ms.toFixed(1)),
]

function table(head: string[], rows: string[][]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return [head, ...rows].map((row) => `  ${line(row)}`.trimEnd())
}

function journeysOf({ journeys: { made, dropped, ended_share } }: LoadTestSummary): string {
  return `journeys: ${made} ended, ${percent(ended_share)} completed, ${dropped} dropped`
}

function engineOf({ engine, lag }: LoadTestSummary): string {
  if (!lag) return `load engine: ${engine}`
  const ownLag = `lag p99 ${lag.p99_ms.toFixed(1)} ms, max ${lag.max_ms.toFixed(1)} ms`
  return `load engine: ${engine}, durations from the planned start, ${ownLag}`
}

function invalidLines({ lag }: LoadTestSummary): string[] {
  return [
    `NOT VALID: the load engine itself was late (99th percentile ${lag?.p99_ms.toFixed(1)} ms, limit ${lag?.limit_ms} ms),`,
    'so the durations include its delay. Repeat the test on a less busy machine, or with a lower --rate.',
  ]
}

function mistakesOf({ mistakes: { requests, right_share } }: LoadTestSummary): string {
  return `wrong input: ${requests} requests, ${percent(right_share)} with the expected 4xx`
}

function failedLines({ metric, condition, value, slowest, failed }: ThresholdResult): string[] {
  return [
    `  ✗ ${metric} ${condition}${value === undefined ? '' : `: ${rounded(value)}`}`,
    ...failed.map((one) => `      failed   ${trace(one)}`),
    ...slowest.map((one) => `      slowest  ${trace(one)}`),
  ]
}

const trace = ({ step, status, ms, trace_id, error }: NotableRequest): string =>
  `${trace_id || `no trace (${error})`}  ${step} ${status} ${ms} ms`

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`
const rounded = (value: number): string => String(Math.round(value * 10_000) / 10_000)
