import type { Step } from './thresholds.ts'

/** A failed or slow request to look at: a line of `requests.jsonl`, which the report reads. */
export interface NotableRequest {
  step: Step | 'set_up'
  /** The stair of a breakpoint search. */
  scenario: string
  status: number
  ms: number
  /** Whether the status was the right one. */
  is_right: boolean
  /** The id that the shop responds with; empty without a response. */
  trace_id: string
  /** Why there was no response. */
  error: string
}
