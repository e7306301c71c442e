import { errorType, type Telemetry } from '@vitrine/telemetry'
import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'
import { commonDeclarations } from './declarations'
import { DomainError } from './problem'
import { watchReadiness } from './watch-readiness'

/** Sends a call or rejects it at once. @param timeoutMs how long the call may take */
export type Breaker = (timeoutMs: number, send: () => Promise<Response>) => Promise<Response>

// A request makes two attempts, so this is five failed requests in a row. A peer that fails 20 % of its calls reaches it
// about once a day.
const maxConsecutiveFailures = 10
// Without a sign from `/ready`.
const probeAfterMs = 5000
// A timeout below this says nothing about the peer, so it is not counted as a failure.
const minTimeoutMs = 500

const states = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Isolated]: 'open',
} as const

interface Failure {
  error?: Error
  value?: Response
}

/**
 * A circuit breaker for one peer. It opens after ten failures in a row. One call probes the peer as soon as `/ready` of the
 * peer succeeds, or after 5 s. Refused and reset connections, timeouts and 5xx responses are failures. A 503 with
 * `Retry-After` is not: the peer is up and fast.
 * @param isPeerReady requests `/ready` of the peer
 * @throws DomainError `UNAVAILABLE` at once while the breaker is open.
 */
export function createBreaker(telemetry: Telemetry, peer: string, isPeerReady: () => Promise<boolean>): Breaker {
  const count = telemetry.counter(commonDeclarations.metrics.breakerState)
  const readiness = watchReadiness(isPeerReady)
  const halfOpenAfter = {
    get duration() {
      return readiness.isReady() ? 0 : probeAfterMs
    },
    next: () => halfOpenAfter,
  }
  const policy = circuitBreaker(handleWhen(isFailure).orWhenResult(isFailedResponse), {
    halfOpenAfter,
    breaker: new ConsecutiveBreaker(maxConsecutiveFailures),
  })
  let current: (typeof states)[CircuitState] = 'closed'
  const labelsOf = (state: typeof current) => ({ 'service.peer.name': peer, 'breaker.state': state })
  for (const state of ['closed', 'open', 'half_open'] as const) count.add(state === current ? 1 : 0, labelsOf(state))
  policy.onStateChange((state) => recordChange(states[state]))

  return async function sendThroughBreaker(timeoutMs, send) {
    const { state } = policy
    // One call at a time probes, and it must have the time to wait for a response.
    const mayNotProbe = state === CircuitState.HalfOpen || (state === CircuitState.Open && timeoutMs < minTimeoutMs)
    if (mayNotProbe) throw breakerOpen(peer)
    return policy.execute(send).catch((error) => {
      throw error instanceof BrokenCircuitError ? breakerOpen(peer) : error
    })
  }

  function recordChange(state: typeof current): void {
    const failure = policy.lastFailure as Failure | undefined
    // A peer that was ready and failed the probing call counts as ready only after it has been unready.
    if (state === 'open') readiness.start({ acceptsFirst: current === 'closed' || isWithoutConnection(failure?.error) })
    else readiness.stop()
    count.add(-1, labelsOf(current))
    count.add(1, labelsOf(state))
    current = state
    const level = state === 'closed' ? 'info' : 'warn'
    const cause = { 'error.type': failure?.value ? String(failure.value.status) : errorType(failure?.error?.cause) }
    telemetry.log.event('breaker.changed', { ...labelsOf(state), ...(state === 'open' && cause) }, level)
  }
}

function isFailedResponse(response: unknown): boolean {
  const { status, headers } = response as Response
  return status >= 500 && !(status === 503 && headers.has('retry-after'))
}

function isFailure(error: unknown): boolean {
  if (!(error instanceof DomainError)) return false
  const { timeoutMs } = error.details
  return typeof timeoutMs !== 'number' || timeoutMs >= minTimeoutMs
}

// Refused and reset connections: the peer stopped. After a timeout it may be up and too slow.
const isWithoutConnection = (error?: Error): boolean =>
  error instanceof DomainError && error.details.timeoutMs === undefined

const breakerOpen = (service: string) =>
  new DomainError(
    'UNAVAILABLE',
    { service, noResponse: true, reason: 'breaker' },
    { cause: new Error(`the breaker for ${service} is open`) },
  )
