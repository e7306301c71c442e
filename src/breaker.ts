import { errorType, type Telemetry } from '@vitrine/telemetry'
import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'
import { commonDeclarations } from './declarations'
import { DomainError } from './problem'

/** Lets a call through, or not. @param leftMs what the call may take */
export type Breaker = (leftMs: number, send: () => Promise<Response>) => Promise<Response>

// Two tries a request: five requests in a row that found nothing. Of a peer that fails every fifth call so many in a row
// are met once a day.
const failuresInARow = 10
const probeAfterMs = 5000
// Who gave the other side less time than this can't say that it is slow.
const fairMs = 500

const states = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Isolated]: 'open',
} as const

/**
 * Leaves another service alone once it has failed ten times in a row, and answers at once; one call tries again after 5 s.
 * It fails when it refuses, resets, is too slow, or answers 5xx; not when it says 503 with `Retry-After`, as one that sheds
 * load or lacks a part of its own does: it is alive, and quick.
 * @throws DomainError `UNAVAILABLE` while the breaker is open.
 */
export function createBreaker(telemetry: Telemetry, peer: string): Breaker {
  const count = telemetry.counter(commonDeclarations.metrics.breakerState)
  const policy = circuitBreaker(handleWhen(isPeersFault).orWhenResult(isFailedAnswer), {
    halfOpenAfter: probeAfterMs,
    breaker: new ConsecutiveBreaker(failuresInARow),
  })
  let current: (typeof states)[CircuitState] = 'closed'
  const labelsOf = (state: typeof current) => ({ 'service.peer.name': peer, 'breaker.state': state })
  for (const state of ['closed', 'open', 'half_open'] as const) count.add(state === current ? 1 : 0, labelsOf(state))
  policy.onStateChange((state) => changed(states[state]))

  return async function pass(leftMs, send) {
    const { state } = policy
    // One call at a time probes, and none that has no time to wait for an answer.
    const mayNotProbe = state === CircuitState.HalfOpen || (state === CircuitState.Open && leftMs < fairMs)
    if (mayNotProbe) throw leftAlone(peer)
    return policy.execute(send).catch((error) => {
      throw error instanceof BrokenCircuitError ? leftAlone(peer) : error
    })
  }

  function changed(state: typeof current): void {
    count.add(-1, labelsOf(current))
    count.add(1, labelsOf(state))
    current = state
    const level = state === 'closed' ? 'info' : 'warn'
    telemetry.log.event('breaker.changed', { ...labelsOf(state), ...(state === 'open' && lastFailure()) }, level)
  }

  function lastFailure() {
    const failure = policy.lastFailure as { error?: Error; value?: Response } | undefined
    return { 'error.type': failure?.value ? String(failure.value.status) : errorType(failure?.error?.cause) }
  }
}

function isFailedAnswer(answer: unknown): boolean {
  const { status, headers } = answer as Response
  return status >= 500 && !(status === 503 && headers.has('retry-after'))
}

function isPeersFault(error: unknown): boolean {
  if (!(error instanceof DomainError)) return false
  const { timeoutMs } = error.details
  return typeof timeoutMs !== 'number' || timeoutMs >= fairMs
}

const leftAlone = (service: string) =>
  new DomainError(
    'UNAVAILABLE',
    { service, unanswered: true, reason: 'breaker' },
    { cause: new Error(`${service} is left alone: its breaker is open`) },
  )
