import { safeMessage } from '@vitrine/telemetry'

/** Starts a service. A failed start prints one line without a stack and exits with 1. */
export function runService(service: string, start: () => Promise<void>): void {
  start().catch((error: unknown) => {
    process.stderr.write(`${service} cannot start: ${safeMessage(error)}\n`)
    process.exit(1)
  })
}
