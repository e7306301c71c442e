import type { Telemetry } from '@vitrine/telemetry'

/** All that user-service says about its business. */
export const createSignals = (telemetry: Telemetry) => ({
  logins: telemetry.counter('users.logins', {
    unit: '{login}',
    description: 'Attempts to log in, by result',
    series: [{ result: 'success' }, { result: 'bad_credentials' }],
  }),
})

export type Signals = ReturnType<typeof createSignals>
