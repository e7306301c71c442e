import type { Declarations, Telemetry } from '@vitrine/telemetry'

/** All that user-service says of its business. */
export const declared = {
  metrics: {
    logins: {
      kind: 'counter',
      name: 'users.logins',
      unit: '{login}',
      description: 'Attempts to log in',
      labels: { result: ['success', 'bad_credentials'] },
    },
  },
  spans: {},
  events: {},
  attributes: {},
} as const satisfies Declarations

export const createSignals = (telemetry: Telemetry) => ({ logins: telemetry.counter(declared.metrics.logins) })

export type Signals = ReturnType<typeof createSignals>
