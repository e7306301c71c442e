import exec from 'k6/execution'
import type { RefinedResponse } from 'k6/http'
import type { NotableRequest } from '../notable-request.ts'
import type { Step } from '../thresholds.ts'

const slowestMs: Record<string, number> = {}
const maxWrong = 20
let wrong = 0

/**
 * Logs which trace a request was, if it failed or is the slowest of its step that this virtual user has seen: few lines, and
 * the slowest of all are among them.
 */
export function logNotableRequest(
  step: Step,
  response: RefinedResponse<undefined> | RefinedResponse<'text'>,
  isRight: boolean,
): void {
  const { status, error, headers } = response
  // The end of the run cut it off: nothing is wrong with it.
  if (error.includes('context canceled')) return
  const ms = response.timings.duration
  const scenario = __VU === 0 ? '' : exec.scenario.name
  const place = `${scenario} ${step}`
  if (isRight && (__VU === 0 || ms <= (slowestMs[place] ?? 0))) return
  if (isRight) slowestMs[place] = ms
  else if (++wrong > maxWrong) return
  const notable: NotableRequest = {
    step: __VU === 0 ? 'set_up' : step,
    scenario,
    status,
    ms: Math.round(ms * 10) / 10,
    is_right: isRight,
    trace_id: headers['X-Trace-Id'] ?? '',
    error,
  }
  // biome-ignore lint/suspicious/noConsole: k6 has no other way out of a virtual user; run.ts sends it to a file.
  console.info(JSON.stringify(notable))
}
