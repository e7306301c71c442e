import type { Step } from './thresholds.ts'

/** A failed or slow request to look at: a line of `requests.jsonl`, which the report reads. */
export interface NotableRequest {
  step: Step | 'set_up'
  /** The stair of a breakpoint search. */
  scenario: string
  status: number
  ms: number
  /** Whether the status was the expected one. */
  is_right: boolean
  /** The response's `X-Trace-Id`; empty without a response. */
  trace_id: string
  /** Why there was no response. */
  error: string
}
