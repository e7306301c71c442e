import exec from 'k6/execution'
import type { RefinedResponse } from 'k6/http'
import type { NotableRequest } from '../notable-request.ts'
import type { Step } from '../thresholds.ts'

const slowestMs: Record<string, number> = {}
const maxFailed = 20
let failed = 0

/**
 * Logs the trace of a request that failed, or is this virtual user's slowest of its step. The log stays short, and contains the
 * slowest requests of all users.
 */
export function logNotableRequest(
  step: Step,
  response: RefinedResponse<undefined> | RefinedResponse<'text'>,
  isRight: boolean,
): void {
  const { status, error, headers } = response
  // The end of the run cut the request off. It did not fail.
  if (error.includes('context canceled')) return
  const ms = response.timings.duration
  const scenario = __VU === 0 ? '' : exec.scenario.name
  const seriesKey = `${scenario} ${step}`
  if (isRight && (__VU === 0 || ms <= (slowestMs[seriesKey] ?? 0))) return
  if (isRight) slowestMs[seriesKey] = ms
  else if (++failed > maxFailed) return
  const notableRequest: NotableRequest = {
    step: __VU === 0 ? 'set_up' : step,
    scenario,
    status,
    ms: Math.round(ms * 10) / 10,
    is_right: isRight,
    trace_id: headers['X-Trace-Id'] ?? '',
    error,
  }
  // biome-ignore lint/suspicious/noConsole: k6 has no other output for virtual users; run.ts redirects it to a file.
  console.info(JSON.stringify(notableRequest))
}
