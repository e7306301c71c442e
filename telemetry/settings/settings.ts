import type { SamplingRule, SamplingSettings } from '../traces/sampling'
import type { SpanLimits } from '../traces/span'
import { type Endpoint, readEndpoint, type Signal } from './endpoint'
import { type Environment, type EnvironmentReader, environmentReader } from './environment'

/** The settings of the standard `OTEL_*` variables. Source: OpenTelemetry "Environment Variable Specification". */
export interface TelemetrySettings {
  disabled: boolean
  serviceName: string
  /** Parsed `OTEL_RESOURCE_ATTRIBUTES`. */
  resourceAttributes: Record<string, string>
  environmentName: string
  sampling: SamplingSettings
  spanLimits: SpanLimits
  spanQueue: QueueSettings
  logQueue: QueueSettings
  metricIntervalMs: number
  temporality: Temporality
  /** The endpoint of each signal; `undefined` for a signal that is not exported. */
  endpoints: Record<Signal, Endpoint | undefined>
  /** The minimum severity that is logged. */
  logLevel: LogLevel
  /** Whether the platform may freeze the process after a response. */
  isServerless: boolean
}

export interface QueueSettings {
  /** The maximum time that a record waits for others. */
  delayMs: number
  maxBatchSize: number
  /** Records that may wait for the receiver; beyond it the oldest are dropped. */
  maxQueueSize: number
}

export type LogLevel = (typeof logLevels)[number]
export type Temporality = (typeof temporalities)[number]

const logLevels = ['debug', 'info', 'warn', 'error'] as const
const temporalities = ['cumulative', 'delta', 'lowmemory'] as const
const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

/**
 * Reads the telemetry settings of one service. An invalid value is replaced by its default and reported in `warnings`:
 * telemetry never prevents a service from starting.
 */
export function readSettings(service: string, env: Environment): { settings: TelemetrySettings; warnings: string[] } {
  const read = environmentReader(env)
  const isServerless = read.get('AWS_LAMBDA_FUNCTION_NAME') !== undefined
  const resourceAttributes = read.pairs('OTEL_RESOURCE_ATTRIBUTES')
  const settings: TelemetrySettings = {
    disabled: read.flag('OTEL_SDK_DISABLED'),
    serviceName: read.get('OTEL_SERVICE_NAME') ?? resourceAttributes['service.name'] ?? service,
    resourceAttributes,
    environmentName: read.get('DEPLOYMENT_ENVIRONMENT') ?? 'production',
    sampling: readSampling(read),
    spanLimits: {
      attributeCount: read.integer(
        'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT',
        read.integer('OTEL_ATTRIBUTE_COUNT_LIMIT', 128, 0),
        0,
      ),
      attributeValueLength: read.integer(
        'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
        read.integer('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', 8192, 1),
        1,
      ),
      eventCount: read.integer('OTEL_SPAN_EVENT_COUNT_LIMIT', 128, 0),
      linkCount: read.integer('OTEL_SPAN_LINK_COUNT_LIMIT', 128, 0),
    },
    spanQueue: readQueue('OTEL_BSP', read),
    logQueue: readQueue('OTEL_BLRP', read),
    metricIntervalMs: read.integer('OTEL_METRIC_EXPORT_INTERVAL', 5000, 10),
    temporality: read.oneOf(
      'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
      temporalities,
      isServerless ? 'delta' : 'cumulative',
    ),
    endpoints: { traces: endpoint('traces'), metrics: endpoint('metrics'), logs: endpoint('logs') },
    logLevel: read.oneOf('LOG_LEVEL', logLevels, 'info'),
    isServerless,
  }
  return { settings, warnings: read.warnings() }

  function endpoint(signal: Signal): Endpoint | undefined {
    const exporter = read.oneOf(`OTEL_${signal.toUpperCase()}_EXPORTER`, ['otlp', 'none'], 'otlp')
    return exporter === 'none' ? undefined : readEndpoint(signal, read)
  }
}

function readQueue(prefix: string, read: EnvironmentReader): QueueSettings {
  const maxQueueSize = read.integer(`${prefix}_MAX_QUEUE_SIZE`, 32_768, 1)
  return {
    delayMs: read.integer(`${prefix}_SCHEDULE_DELAY`, 1000, 10),
    maxBatchSize: read.integer(`${prefix}_MAX_EXPORT_BATCH_SIZE`, Math.min(512, maxQueueSize), 1, maxQueueSize),
    maxQueueSize,
  }
}

function readSampling(read: EnvironmentReader): SamplingSettings {
  const sampler = read.oneOf('OTEL_TRACES_SAMPLER', samplers, 'parentbased_always_on')
  const root = sampler.replace('parentbased_', '')
  const ratio = read.number('OTEL_TRACES_SAMPLER_ARG', 1, 0, 1)
  return {
    parentBased: sampler.startsWith('parentbased_'),
    ratio: root === 'traceidratio' ? ratio : root === 'always_off' ? 0 : 1,
    rules: readRules(read),
    maxTracesPerSecond: read.number('VITRINE_TRACES_PER_SECOND', Number.POSITIVE_INFINITY, 0),
  }
}

// `GET /assets/*=0, /checkout/process=1`: the first rule that matches a new trace applies.
function readRules(read: EnvironmentReader): SamplingRule[] {
  const name = 'VITRINE_TRACES_RULES'
  return (read.get(name) ?? '').split(',').flatMap((text) => {
    if (text.trim() === '') return []
    const [, method = '*', route = '', ratio] = /^\s*(?:([A-Z]+|\*)\s+)?(\/\S*?)\s*=\s*([\d.]+)\s*$/.exec(text) ?? []
    if (Number(ratio) >= 0 && Number(ratio) <= 1) return [{ method, route, ratio: Number(ratio) }]
    read.warn(`${name}: "${text.trim()}" is not like "GET /assets/*=0.1"; ignored`)
    return []
  })
}
