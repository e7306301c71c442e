/** What the standard `OTEL_*` variables ask for, read once. Source: OpenTelemetry "Environment Variable Specification". */
export interface TelemetrySettings {
  disabled: boolean
  serviceName: string
  /** Parsed `OTEL_RESOURCE_ATTRIBUTES`. */
  resourceAttributes: Record<string, string>
  environmentName: string
  sampler: string
  samplerRatio: number
  metricIntervalMs: number
  spanDelayMs: number
  logDelayMs: number
  exportTimeoutMs: number
  /** The least severity that is written: `debug`, `info`, `warn` or `error`. */
  logLevel: LogLevel
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type Environment = Record<string, string | undefined>

const samplers = new Set([
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
])
const logLevels = new Set<string>(['debug', 'info', 'warn', 'error'])

/**
 * Reads the telemetry settings of one service. A value that makes no sense is replaced by its default and named in
 * `complaints`: telemetry never keeps a service from starting.
 */
export function readSettings(service: string, env: Environment): { settings: TelemetrySettings; complaints: string[] } {
  const complaints: string[] = []
  const settings = {
    disabled: env.OTEL_SDK_DISABLED?.toLowerCase() === 'true',
    serviceName: env.OTEL_SERVICE_NAME || service,
    resourceAttributes: pairs('OTEL_RESOURCE_ATTRIBUTES'),
    environmentName: env.DEPLOYMENT_ENVIRONMENT || 'production',
    sampler: oneOf('OTEL_TRACES_SAMPLER', samplers, 'parentbased_always_on'),
    samplerRatio: number('OTEL_TRACES_SAMPLER_ARG', 1, 0, 1),
    metricIntervalMs: number('OTEL_METRIC_EXPORT_INTERVAL', 5000, 10),
    spanDelayMs: number('OTEL_BSP_SCHEDULE_DELAY', 1000, 10),
    logDelayMs: number('OTEL_BLRP_SCHEDULE_DELAY', 1000, 10),
    exportTimeoutMs: number('OTEL_EXPORTER_OTLP_TIMEOUT', 2500, 1),
    logLevel: oneOf('LOG_LEVEL', logLevels, 'info') as LogLevel,
  }
  return { settings, complaints }

  function number(name: string, fallback: number, min: number, max = 2 ** 31 - 1): number {
    const text = env[name]
    // Number(' ') is 0, and a sampler of 0 sees nothing.
    if (text === undefined || text.trim() === '') return fallback
    const value = Number(text)
    if (value >= min && value <= max) return value
    complaints.push(`${name}=${text} is not a number from ${min} to ${max}; using ${fallback}`)
    return fallback
  }

  function oneOf(name: string, allowed: Set<string>, fallback: string): string {
    const text = env[name]
    if (text === undefined || text === '') return fallback
    if (allowed.has(text.toLowerCase())) return text.toLowerCase()
    complaints.push(`${name}=${text} is not one of ${[...allowed].join(', ')}; using ${fallback}`)
    return fallback
  }

  function pairs(name: string): Record<string, string> {
    const found: Record<string, string> = {}
    for (const pair of (env[name] ?? '').split(',').filter((text) => text.trim() !== '')) {
      const [key, value] = decodePair(pair)
      if (key && value !== undefined) found[key] = value
      if (!key || value === undefined) complaints.push(`${name}: "${pair}" is not key=value; left out`)
    }
    return found
  }
}

function decodePair(pair: string): [string | undefined, string | undefined] {
  const at = pair.indexOf('=')
  if (at < 1) return [undefined, undefined]
  try {
    return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]
  } catch {
    return [undefined, undefined]
  }
}
