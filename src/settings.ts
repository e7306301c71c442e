import { z } from 'zod'
import { defaultBodyTimeoutMs, defaultMaxConcurrentRequestsPerClient, type RequestLimits } from './admit-request'
import { defaultRequestBudgetMs } from './deadline'
import { defaultMaxConcurrentRequests } from './load-shedding'
import { unpredictableBits } from './secret-strength'

export type Environment = Record<string, string | undefined>

/** Zod schemas for settings. Secrets, URLs and databases have a default in development and are required in production. */
export interface FieldBuilders {
  /** At least 32 random characters in production. */
  secret(developmentDefault: string): z.ZodType<string>
  port(defaultPort: number): z.ZodType<number>
  /** An http(s) URL. */
  url(developmentDefault: string): z.ZodType<string>
  /** An http(s) URL, optional in production too. */
  optionalUrl(): z.ZodType<string | undefined>
  /** An http(s) origin such as `https://shop.example`, optional. */
  optionalOrigin(): z.ZodType<string | undefined>
  /** `mysql://user:password@host/name`, or the path of a SQLite file (`:memory:` for none). */
  database(developmentDefault: string): z.ZodType<string>
  /** IP addresses, separated by commas. */
  ipAddresses(): z.ZodType<ReadonlySet<string>>
  /** A positive number of milliseconds. */
  milliseconds(defaultMs: number): z.ZodType<number>
  /** A positive whole number. */
  count(defaultCount: number): z.ZodType<number>
  /** `true` or `false`; `false` by default. */
  boolean(): z.ZodType<boolean>
  /** The host to listen on: all addresses in production, otherwise this machine only. */
  host(): z.ZodType<string>
}

export const databaseDescription = '`mysql://user:password@host:3306/name`, or the path of a SQLite file'

/** The settings of every service. Descriptions become `docs/reference/settings.md`. */
export const commonSettings = (field: FieldBuilders, port: number) => ({
  HOST: field.host().describe('Address to listen on'),
  PORT: field.port(port).describe('Port to listen on'),
  SHARE_PORT: field
    .boolean()
    .describe('`true`: the next instance may listen on the same port, so that it takes over without losing a request'),
  SERVICE_KEY: field.secret('development-service-key').describe('Authenticates calls between the services'),
  TRUSTED_PROXIES: field
    .ipAddresses()
    .describe('Comma-separated addresses of proxies whose `X-Forwarded-For`, `-Proto` and `-Host` are trusted'),
  REQUEST_BUDGET_MS: field
    .milliseconds(defaultRequestBudgetMs)
    .describe('Milliseconds that a request and all calls below it may take; the response is 503 after that'),
  MAX_CONCURRENT_REQUESTS: field
    .count(defaultMaxConcurrentRequests)
    .describe(
      'When this many requests are active, further ones are rejected with 503; calls of other services at 1.5 times as many',
    ),
  MAX_CONCURRENT_REQUESTS_PER_CLIENT: field
    .count(defaultMaxConcurrentRequestsPerClient)
    .describe(
      'The same for one client address, including requests whose body is on its way; further ones are refused with 429',
    ),
  BODY_TIMEOUT_MS: field
    .milliseconds(defaultBodyTimeoutMs)
    .describe('Milliseconds from the headers of a request to the end of its body; the response is 408 after that'),
  FAULTS_FILE: z.string().optional().describe('File of the faults that `bun run fault` injects; no faults without it'),
  FAULTS_IN_PRODUCTION: z.string().optional().describe('`yes`: `FAULTS_FILE` also works in production'),
})

/** The settings that are limits on requests, as options of an app. */
export const requestLimits = (settings: {
  MAX_CONCURRENT_REQUESTS: number
  MAX_CONCURRENT_REQUESTS_PER_CLIENT: number
  BODY_TIMEOUT_MS: number
}): RequestLimits => ({
  maxConcurrentRequests: settings.MAX_CONCURRENT_REQUESTS,
  maxConcurrentRequestsPerClient: settings.MAX_CONCURRENT_REQUESTS_PER_CLIENT,
  bodyTimeoutMs: settings.BODY_TIMEOUT_MS,
})

/**
 * Reads a service's settings into a frozen object. An empty variable counts as missing.
 * @throws Error that lists every invalid setting and how to correct it.
 */
export function readSettings<S extends z.ZodRawShape>(env: Environment, shape: (fields: FieldBuilders) => S) {
  const environmentName = env.DEPLOYMENT_ENVIRONMENT || 'production'
  const schema = z.object(shape(settingFields(environmentName === 'production')))
  const variables = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const result = schema.safeParse(variables)
  if (result.success) return Object.freeze({ ...result.data, environmentName })
  const problems = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`settings (DEPLOYMENT_ENVIRONMENT=${environmentName}):\n${problems.join('\n')}`)
}

/** The field builders of one environment: what has a default in development may be required in production. */
export function settingFields(isProduction: boolean): FieldBuilders {
  const required = (message: string) => ({ error: `is required in production: ${message}` })
  return {
    secret: (developmentDefault) =>
      isProduction
        ? z
            .string(required('32 or more random characters'))
            .min(32, 'must have at least 32 characters')
            .refine(
              isUnpredictable,
              'must be random: it repeats itself or follows a pattern; use `openssl rand -hex 32`',
            )
        : z.string().min(8, 'must have at least 8 characters').default(developmentDefault),
    port: (defaultPort) =>
      z.coerce
        .number(`must be a port`)
        .int()
        .min(0, 'must be 0 to 65535')
        .max(65535, 'must be 0 to 65535')
        .default(defaultPort),
    url: (developmentDefault) => {
      const url = z.url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:5001' })
      return isProduction ? url : url.default(developmentDefault)
    },
    optionalUrl: () =>
      z.url({ protocol: /^https?$/, error: 'must be an address such as http://localhost:4318' }).optional(),
    optionalOrigin: () =>
      z
        .string()
        .refine(isOrigin, 'must be an origin without a path, such as https://shop.example')
        .transform((text) => new URL(text).origin)
        .optional(),
    database: (developmentDefault) => {
      const url = z
        .string(required('mysql://user:password@host/name, or the path of a SQLite file'))
        .refine(isDatabaseUrl, 'must be mysql://user:password@host/name, or the path of a SQLite file')
      return isProduction ? url : url.default(developmentDefault)
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
    milliseconds: (defaultMs) => positive('must be a positive number of milliseconds').default(defaultMs),
    count: (defaultCount) => positive('must be a positive whole number').default(defaultCount),
    boolean: () => z.stringbool({ error: 'must be true or false' }).default(false),
    host: () => z.string().default(isProduction ? '0.0.0.0' : '127.0.0.1'),
  }
}

// Random secrets have 95 bits and more.
const minSecretBits = 64
const isUnpredictable = (secret: string) => unpredictableBits(secret) >= minSecretBits
const isOrigin = (text: string) => /^https?:\/\/[^/?#@\\\s]+\/?$/i.test(text) && URL.canParse(text)
const positive = (error: string) => z.coerce.number(error).int(error).min(1, error)
const isDatabaseUrl = (text: string) => !text.includes('://') || URL.parse(text)?.protocol === 'mysql:'
