import type { Declarations } from '@vitrine/telemetry'
import { faultKeys } from './faults/flags'

/** What every service of Vitrine says, beside what the telemetry layer does. */
export const commonDeclarations = {
  metrics: {
    breakerState: {
      kind: 'upDownCounter',
      name: 'client.breaker.state',
      unit: '{breaker}',
      description: '1 in the state of the breaker before another service, 0 in the others; open: it is not called',
      attributes: {
        'service.peer.name': 'services that the program calls',
        'breaker.state': ['closed', 'open', 'half_open'],
      },
    },
    shed: {
      kind: 'counter',
      name: 'http.server.requests.shed',
      unit: '{request}',
      description: 'Requests answered 503 at once because too many were at work',
      attributes: { caller: ['public', 'internal'] },
    },
  },
  spans: {},
  events: {
    'breaker.changed':
      'A service that keeps failing is left alone (open), tried once (half_open), or called again (closed)',
    'log.level.changed': 'Somebody asked for more or fewer lines (SIGUSR2)',
    'fault.changed': 'A fault was turned on, off or otherwise, for this service (`bun run fault`)',
    'feature_flag.evaluation': 'A fault was on: for a request, once each; or for the process, when that changed',
  },
  attributes: {
    'user.id': { type: 'string', description: 'Who asks, opaque' },
    'service.peer.name': { type: 'string', description: 'The `service.name` that a breaker stands before' },
    'breaker.state': {
      type: 'string',
      description: 'What a breaker does now',
      values: ['closed', 'open', 'half_open'],
    },
    'error.type': { type: 'string', description: 'What opened a breaker last' },
    'shed.alike': {
      type: 'int',
      unit: '{request}',
      description:
        'Requests that were turned away since the last one that was told in full, and have neither span nor line',
    },
    'problem.code': { type: 'string', description: 'Why a request was refused, as the answer says it' },
    'loadtest.run': { type: 'string', description: 'The load test that a request belongs to' },
    'log.level': {
      type: 'string',
      description: 'The least severity that is written now',
      values: ['debug', 'info', 'warn', 'error'],
    },
    'feature_flag.key': { type: 'string', description: 'A fault; on a span the first one', values: faultKeys },
    'feature_flag.result.variant': { type: 'string', description: "The flag's variant: `on`, or as its file names it" },
    'feature_flag.result.value': { type: 'double', description: 'What the fault is set to, in its own unit' },
    'feature_flag.result.reason': {
      type: 'string',
      description: 'Whether everybody has it, or some by a rule',
      values: ['static', 'targeting_match', 'default'],
    },
    'feature_flag.provider.name': { type: 'string', description: 'Who evaluates flags', values: ['flagd'] },
    'fault.active': { type: 'string[]', description: 'All faults that were on for a request' },
    'fault.value': { type: 'double', description: 'What a fault was set to; 0 is off' },
    'fault.service': { type: 'string', description: 'The only service that has it, where not all have' },
    'fault.route': { type: 'string', description: 'The only route that has it' },
    'fault.percent': { type: 'double', unit: '%', description: 'The share of traces that has it' },
    signal: { type: 'string', description: 'What told the process to stop', values: ['SIGTERM', 'SIGINT'] },
  },
} as const satisfies Declarations
