import { safeMessage } from '@vitrine/telemetry'

/**
 * Runs a service's start. What keeps it from starting is said in one clear sentence, without a stack, and ends the
 * process with 1.
 */
export function runService(service: string, start: () => Promise<void>): void {
  start().catch((error: unknown) => {
    process.stderr.write(`${service} cannot start: ${safeMessage(error)}\n`)
    process.exit(1)
  })
}
