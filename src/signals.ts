import type { Declarations } from '@vitrine/telemetry'

/** What every service of Vitrine says, beside what the telemetry layer does. */
export const common = {
  metrics: {},
  spans: {},
  events: {
    'log.level.changed': 'Somebody asked for more or fewer lines (SIGUSR2)',
  },
  attributes: {
    'user.id': { type: 'string', description: 'Who asks, opaque' },
    'problem.code': { type: 'string', description: 'Why a request was refused, as the answer says it' },
    'loadtest.run': { type: 'string', description: 'The load test that a request belongs to' },
    'log.level': {
      type: 'string',
      description: 'The least severity that is written now',
      values: ['debug', 'info', 'warn', 'error'],
    },
    signal: { type: 'string', description: 'What told the process to stop', values: ['SIGTERM', 'SIGINT'] },
  },
} as const satisfies Declarations
