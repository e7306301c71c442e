import { errorType, type Telemetry } from '@vitrine/telemetry'
import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'
import { commonDeclarations } from './declarations'
import { DomainError } from './problem'

/** Sends a call or rejects it at once. @param timeoutMs how long the call may take */
export type Breaker = (timeoutMs: number, send: () => Promise<Response>) => Promise<Response>

// A request makes two attempts, so this is five failed requests in a row. A peer that fails 20 % of its calls reaches it
// about once a day.
const maxConsecutiveFailures = 10
const probeAfterMs = 5000
// A timeout below this says nothing about the peer, so it is not counted as a failure.
const minTimeoutMs = 500

const states = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Isolated]: 'open',
} as const

/**
 * A circuit breaker for one peer. It opens after ten failures in a row; after 5 s one call probes the peer. Refused and
 * reset connections, timeouts and 5xx responses are failures. A 503 with `Retry-After` is not: the peer is up and fast.
 * @throws DomainError `UNAVAILABLE` at once while the breaker is open.
 */
export function createBreaker(telemetry: Telemetry, peer: string): Breaker {
  const count = telemetry.counter(commonDeclarations.metrics.breakerState)
  const policy = circuitBreaker(handleWhen(isFailure).orWhenResult(isFailedResponse), {
    halfOpenAfter: probeAfterMs,
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

function isFailedResponse(response: unknown): boolean {
  const { status, headers } = response as Response
  return status >= 500 && !(status === 503 && headers.has('retry-after'))
}

function isFailure(error: unknown): boolean {
  if (!(error instanceof DomainError)) return false
  const { timeoutMs } = error.details
  return typeof timeoutMs !== 'number' || timeoutMs >= minTimeoutMs
}

const breakerOpen = (service: string) =>
  new DomainError(
    'UNAVAILABLE',
    { service, noResponse: true, reason: 'breaker' },
    { cause: new Error(`the breaker for ${service} is open`) },
  )
