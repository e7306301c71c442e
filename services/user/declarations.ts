import type { Declarations, Telemetry } from '@vitrine/telemetry'

/** The business telemetry of user-service. */
export const declarations = {
  metrics: {
    logins: {
      kind: 'counter',
      name: 'users.logins',
      unit: '{login}',
      description: 'Login attempts',
      attributes: { result: ['success', 'bad_credentials'] },
    },
  },
  spans: {},
  events: {},
  attributes: {},
} as const satisfies Declarations

export const createInstruments = (telemetry: Telemetry) => ({ logins: telemetry.counter(declarations.metrics.logins) })

export type Instruments = ReturnType<typeof createInstruments>
