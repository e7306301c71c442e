import type { Declarations } from '@vitrine/telemetry'
import { faultKeys } from './faults/flags'

/** The limits on how often a client may do something (src/rate-limit.ts). */
export const rateLimitNames = [
  'login_address',
  'login_name_address',
  'register_address',
  'password_user',
  'checkout_address',
  'checkout_user',
  'search_address',
] as const

/** The telemetry of every service, in addition to what `@vitrine/telemetry` emits by itself. */
export const commonDeclarations = {
  metrics: {
    breakerState: {
      kind: 'upDownCounter',
      name: 'client.breaker.state',
      unit: '{breaker}',
      description: '1 for the current state of the circuit breaker of a peer, 0 for the others; open: it is not called',
      attributes: {
        'service.peer.name': 'services that the program calls',
        'breaker.state': ['closed', 'open', 'half_open'],
      },
    },
    shed: {
      kind: 'counter',
      name: 'http.server.requests.shed',
      unit: '{request}',
      description:
        'Requests rejected with 503 at once, because `MAX_CONCURRENT_REQUESTS` (256 by default) were active; calls of other services (`internal`) at 1.5 times as many (384)',
      attributes: { caller: ['public', 'internal'] },
    },
    notAdmitted: {
      kind: 'counter',
      name: 'http.server.requests.not_admitted',
      unit: '{request}',
      description:
        'Requests that were refused before they counted as work: too many of one client at the same time (429), or a body that took longer than `BODY_TIMEOUT_MS` (408)',
      attributes: { reason: ['concurrency', 'body_timeout'] },
    },
    rateLimited: {
      kind: 'counter',
      name: 'http.server.requests.rate_limited',
      unit: '{request}',
      description: 'Requests refused with 429 because their client, name or user made too many attempts',
      attributes: { 'rate_limit.name': rateLimitNames },
    },
  },
  spans: {},
  events: {
    'breaker.changed':
      'The breaker of a peer changed: calls are rejected (open), one call probes (half_open), calls are sent (closed)',
    'storage.full':
      'The disk of the database is full: writes are 503. Logged with its cause at the first one, and again after a minute without any',
    'rate_limit.exceeded': 'Requests were refused with 429; at most one record per limit and minute',
    'log.level.changed': 'An operator changed the minimum severity (SIGUSR2)',
    'fault.changed': 'A fault of this service was turned on, changed or turned off (`bun run fault`)',
    'feature_flag.evaluation': 'A fault applied: once per request, or when a fault of the process changed',
  },
  attributes: {
    'user.id': { type: 'string', description: 'The user who is signed in, opaque' },
    'service.peer.name': { type: 'string', description: 'The `service.name` of the peer that a breaker protects' },
    'breaker.state': {
      type: 'string',
      description: 'The state of a breaker',
      values: ['closed', 'open', 'half_open'],
    },
    'error.type': { type: 'string', description: 'The failure that opened a breaker' },
    'shed.active_requests': {
      type: 'int',
      unit: '{request}',
      description: 'Requests of all callers that were active when a request was rejected',
    },
    'shed.limit': {
      type: 'int',
      unit: '{request}',
      description:
        'The limit that a rejected request reached: `MAX_CONCURRENT_REQUESTS`, or 1.5 times as many for a call of another service',
    },
    'shed.reused_response.count': {
      type: 'int',
      unit: '{request}',
      description:
        'Requests that got a reused 503 since the previous recorded rejection; they have no span and no log record',
    },
    'problem.code': { type: 'string', description: 'Why a request was refused: the `code` of the response' },
    'rate_limit.name': { type: 'string', description: 'The limit that refused a request', values: rateLimitNames },
    'rate_limit.refused.count': {
      type: 'int',
      unit: '{request}',
      description: 'Requests that the limit refused since the previous record',
    },
    'loadtest.run': { type: 'string', description: 'The load test that a request belongs to' },
    'log.level': {
      type: 'string',
      description: 'The minimum severity that is logged',
      values: ['debug', 'info', 'warn', 'error'],
    },
    'feature_flag.key': { type: 'string', description: 'A fault; on a span the first one', values: faultKeys },
    'feature_flag.result.variant': { type: 'string', description: "The flag's variant: `on`, or the name in its file" },
    'feature_flag.result.value': { type: 'double', description: 'The value of the fault, in its own unit' },
    'feature_flag.result.reason': {
      type: 'string',
      description: 'Whether the fault applies to every request or by a targeting rule',
      values: ['static', 'targeting_match', 'default'],
    },
    'feature_flag.provider.name': { type: 'string', description: 'What evaluates flags', values: ['flagd'] },
    'fault.active': { type: 'string[]', description: 'All faults that applied to a request' },
    'fault.value': { type: 'double', description: 'The value that a fault was set to; 0 is off' },
    'fault.service': { type: 'string', description: 'The only service with the fault, unless all have it' },
    'fault.route': { type: 'string', description: 'The only route with the fault' },
    'fault.percent': { type: 'double', unit: '%', description: 'The share of traces with the fault' },
    signal: { type: 'string', description: 'The signal that stopped the process', values: ['SIGTERM', 'SIGINT'] },
  },
} as const satisfies Declarations
