import { z } from 'zod'
import type { Environment } from '../../src/settings'

const schema = z.object({
  RECEIVER_PORT: z.coerce.number('must be a port').int().min(0).max(65_535).default(9095),
  RECEIVER_HOST: z.string().default('127.0.0.1'),
  CONSOLE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address such as http://localhost:4318' })
    .transform((url) => url.replace(/\/$/, ''))
    .optional(),
})

/** Reads `RECEIVER_PORT`, `RECEIVER_HOST` and `CONSOLE_URL`. @throws Error that lists every invalid one and a valid value */
export function readAlertReceiverSettings(env: Environment) {
  const result = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')))
  if (!result.success) {
    throw new Error(result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'))
  }
  const { RECEIVER_PORT: port, RECEIVER_HOST: host, CONSOLE_URL: consoleUrl } = result.data
  return { port, host, consoleUrl }
}
