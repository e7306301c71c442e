import type { Declarations, Telemetry } from '@vitrine/telemetry'

/** The business telemetry of user-service. */
export const declarations = {
  metrics: {
    logins: {
      kind: 'counter',
      name: 'users.logins',
      unit: '{login}',
      description: 'Login attempts',
      attributes: { result: ['success', 'bad_credentials', 'rate_limited', 'overloaded'] },
    },
  },
  spans: {},
  events: {
    'password.changed': 'A user changed the password; the other sessions ended',
    'tokens.swept': 'Expired tokens were deleted',
  },
  attributes: {
    'token.count': { type: 'int', unit: '{token}', description: 'Expired tokens that the sweep deleted' },
  },
} as const satisfies Declarations

export const createInstruments = (telemetry: Telemetry) => ({ logins: telemetry.counter(declarations.metrics.logins) })

export type Instruments = ReturnType<typeof createInstruments>
