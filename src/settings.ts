import { z } from 'zod'
import { defaultRequestBudgetMs } from './deadline'

export type Environment = Record<string, string | undefined>

/** Field makers for `readSettings`: what has a working value in development must be given in production. */
export interface FieldBuilders {
  /** At least 32 characters in production; `development` elsewhere. */
  secret(development: string): z.ZodType<string>
  port(fallback: number): z.ZodType<number>
  /** An http(s) address; `development` unless in production. */
  url(development: string): z.ZodType<string>
  /** An http(s) address that need not be given. */
  optionalUrl(): z.ZodType<string | undefined>
  /** `mysql://user:password@host/name`, or a path of a SQLite file (`:memory:` for none). */
  database(development: string): z.ZodType<string>
  /** Comma-separated addresses of proxies whose `X-Forwarded-For` is believed. */
  ipAddresses(): z.ZodType<ReadonlySet<string>>
  /** A positive number of milliseconds. */
  milliseconds(fallback: number): z.ZodType<number>
  /** `true` or `false`; not unless it is said. */
  boolean(): z.ZodType<boolean>
  /** The host to listen on: this machine only, except in production. */
  host(): z.ZodType<string>
}

export const databaseDescription = '`mysql://user:password@host:3306/name`, or the path of a SQLite file'

/** The settings of every service. Descriptions become `docs/reference/settings.md`. */
export const commonSettings = (is: FieldBuilders, port: number) => ({
  HOST: is.host().describe('Address to listen on'),
  PORT: is.port(port).describe('Port to listen on'),
  SHARE_PORT: is
    .boolean()
    .describe('`true`: the next instance may listen on the same port, so that it takes over without losing a request'),
  SERVICE_KEY: is.secret('development-service-key').describe('Authenticates calls between the services'),
  TRUSTED_PROXIES: is
    .ipAddresses()
    .describe('Comma-separated addresses of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are trusted'),
  REQUEST_BUDGET_MS: is
    .milliseconds(defaultRequestBudgetMs)
    .describe('Milliseconds that a request and all calls below it may take; the response is 503 after that'),
  FAULTS_FILE: z.string().optional().describe('File of the faults that `bun run fault` injects; no faults without it'),
  FAULTS_IN_PRODUCTION: z.string().optional().describe('`yes`: `FAULTS_FILE` also works in production'),
})

/**
 * Reads a service's settings into a frozen object.
 * @throws Error that lists every wrong setting at once, each with what to change.
 */
export function readSettings<S extends z.ZodRawShape>(env: Environment, shape: (fields: FieldBuilders) => S) {
  const environmentName = env.DEPLOYMENT_ENVIRONMENT || 'production'
  const schema = z.object(shape(settingFields(environmentName === 'production')))
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const result = schema.safeParse(given)
  if (result.success) return Object.freeze({ ...result.data, environmentName })
  const problems = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`settings (DEPLOYMENT_ENVIRONMENT=${environmentName}):\n${problems.join('\n')}`)
}

/** The field builders of one environment: what has a default in development may be required in production. */
export function settingFields(production: boolean): FieldBuilders {
  const required = (message: string) => ({ error: `is required in production: ${message}` })
  return {
    secret: (development) =>
      production
        ? z.string(required('32 or more random characters')).min(32, 'must have at least 32 characters')
        : z.string().min(8, 'must have at least 8 characters').default(development),
    port: (fallback) =>
      z.coerce
        .number(`must be a port`)
        .int()
        .min(0, 'must be 0 to 65535')
        .max(65535, 'must be 0 to 65535')
        .default(fallback),
    url: (development) => {
      const url = z.url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:5001' })
      return production ? url : url.default(development)
    },
    optionalUrl: () =>
      z.url({ protocol: /^https?$/, error: 'must be an address such as http://localhost:4318' }).optional(),
    database: (development) => {
      const url = z
        .string(required('mysql://user:password@host/name, or the path of a SQLite file'))
        .refine(isDatabaseUrl, 'must be mysql://user:password@host/name, or the path of a SQLite file')
      return production ? url : url.default(development)
    },
    ipAddresses: () =>
      z
        .string()
        .default('')
        .transform(
          (text) =>
            new Set(
              text
                .split(',')
                .map((part) => part.trim())
                .filter(Boolean),
            ),
        ),
    milliseconds: (fallback) => {
      const error = 'must be a positive number of milliseconds'
      return z.coerce.number(error).int(error).min(1, error).default(fallback)
    },
    boolean: () => z.stringbool({ error: 'must be true or false' }).default(false),
    host: () => z.string().default(production ? '0.0.0.0' : '127.0.0.1'),
  }
}

const isDatabaseUrl = (text: string) => !text.includes('://') || URL.parse(text)?.protocol === 'mysql:'
