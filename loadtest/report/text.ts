import type { NotableRequest } from '../notable-request.ts'
import type { Durations, LoadTestSummary, ThresholdResult } from './summary.ts'

/** The summary for a terminal. */
export function renderText(figures: LoadTestSummary): string {
  const { run, shape, question, url, thresholds } = figures
  const broken = thresholds.filter(({ ok }) => !ok)
  return [
    '',
    `${run} (${shape}): ${question}`,
    `${arrivals(figures)} to ${url}`,
    '',
    ...(figures.stairs.length > 0 ? stairs(figures) : stepsOf(figures)),
    '',
    journeysOf(figures),
    engineOf(figures),
    ...(figures.mistakes.requests > 0 ? [mistakesOf(figures)] : []),
    `thresholds: ${thresholds.length - broken.length} hold, ${broken.length} do not`,
    ...broken.flatMap(brokenLines),
    ...(figures.valid ? [] : invalidLines(figures)),
    '',
  ].join('\n')
}

function arrivals({ rate, peak_rate, duration_s, journey, think_s }: LoadTestSummary): string {
  const most = peak_rate > rate ? ` (${peak_rate} at most)` : ''
  return `${rate} journeys/s${most} for ${duration_s} s, ${journey}, ${think_s} s to think,`
}

function stepsOf({ steps, all, all_from_sending }: LoadTestSummary): string[] {
  const sent = all_from_sending ? [{ step: 'all, from sending', ...all_from_sending }] : []
  const rows = [...steps, { step: 'all', ...all }, ...sent].map(({ step, ...durations }) => [step, ...cells(durations)])
  return table(['step', ...columns], rows)
}

function stairs({ stairs }: LoadTestSummary): string[] {
  const rows = stairs.map(({ rate, requests_per_s, dropped, ok, ...durations }) => [
    String(rate),
    requests_per_s?.toFixed(1) ?? '–',
    ...cells(durations),
    String(dropped),
    ok ? 'holds' : 'breaks',
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
  return `journeys: ${made} made, ${percent(ended_share)} reached their end, ${dropped} could not begin`
}

function engineOf({ engine, lag }: LoadTestSummary): string {
  if (!lag) return `load engine: ${engine}`
  const own = `its own lag: p99 ${lag.p99_ms.toFixed(1)} ms, max ${lag.max_ms.toFixed(1)} ms`
  return `load engine: ${engine}, durations from the planned start, ${own}`
}

function invalidLines({ lag }: LoadTestSummary): string[] {
  return [
    `NOT VALID: the load engine itself was late, by ${lag?.p99_ms.toFixed(1)} ms in one of 100 times (limit ${lag?.limit_ms} ms),`,
    'so these durations are not the shop’s alone. Repeat it on a less busy machine, or with a lower --rate.',
  ]
}

function mistakesOf({ mistakes: { requests, right_share } }: LoadTestSummary): string {
  return `wrong input: ${requests} requests, ${percent(right_share)} answered by the 4xx that is right`
}

function brokenLines({ metric, condition, value, slowest, failed }: ThresholdResult): string[] {
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
