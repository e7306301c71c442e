import { type Attributes, type AttributeValue, SpanStatusCode } from '@opentelemetry/api'
import { clientFetch, type Fetch, type FetchOptions } from './client'
import { nowMs } from './clock'
import type { Core } from './core'
import { type DatabaseIdentity, type DatabaseTelemetry, databaseTelemetry, type PoolState } from './database'
import { errorType } from './errors'
import { type ExportedBatch, otlpPipeline, type Pipeline } from './export'
import { createLogger } from './logger'
import { instruments } from './metrics'
import { type MySqlPool, mySqlPoolState, tracedPool } from './mysql'
import { createProviders } from './providers'
import { observeRuntime } from './runtime'
import { currentContext, currentScope, outside, runInSpan } from './scope'
import { serverMiddleware } from './server'
import { type Environment, type LogLevel, readSettings } from './settings'

export interface TelemetryOptions {
  /** `service.name`, unless `OTEL_SERVICE_NAME` says otherwise. */
  service: string
  version?: string
  /** `service.namespace`: what the service is a part of. */
  namespace?: string
  /** Where `OTEL_*`, `LOG_LEVEL` and `DEPLOYMENT_ENVIRONMENT` are read from; the process's own by default. */
  env?: Environment
  /** Receives each log line; standard output by default. */
  write?: (line: string) => void
  /** Replaces the OTLP export, as tests do. */
  pipeline?: Pipeline
}

export type Telemetry = ReturnType<typeof createTelemetry>

/**
 * Tracing, metrics and logs for one service, on the OpenTelemetry SDK's providers and nothing global. Exports over
 * OTLP/HTTP as the standard `OTEL_*` variables say; a receiver that is away costs one warning a minute.
 */
export function createTelemetry(options: TelemetryOptions) {
  const { service, version = '0.0.0', env = process.env, write = toStandardOutput } = options
  const { settings, complaints } = readSettings(service, env)
  let isReceiverAway = false
  const warn = throttle((batches: ExportedBatch[]) => {
    const lost = new Map<ExportedBatch['signal'], number>()
    for (const { signal, count } of batches) lost.set(signal, (lost.get(signal) ?? 0) + count)
    core.log.warn('telemetry could not be exported; is a receiver listening?', {
      'otel.exporter.endpoint': env.OTEL_EXPORTER_OTLP_ENDPOINT || 'http://localhost:4318',
      'otel.exporter.lost': [...lost].map(([signal, count]) => `${count} ${lostItems[signal]}`).join(', '),
      'error.type': batches.at(-1)?.failure ?? 'unknown',
    })
  })
  const onExport = (batch: ExportedBatch) => {
    isReceiverAway = batch.failure !== undefined
    if (isReceiverAway) outside(() => warn(batch))
  }
  const providers = createProviders(
    settings,
    { version, namespace: options.namespace },
    options.pipeline ?? otlpPipeline(settings, onExport),
  )
  const scopeName = '@vitrine/telemetry'
  const core: Core = {
    tracer: providers.tracer.getTracer(scopeName),
    meter: providers.meter.getMeter(scopeName),
    log: createLogger({
      otel: providers.logger.getLogger(scopeName),
      serviceName: settings.serviceName,
      level: settings.logLevel,
      write,
    }),
  }
  for (const complaint of complaints) core.log.warn(complaint)
  const stopRuntime = settings.disabled ? () => {} : observeRuntime(core.meter)
  const databases = databaseTelemetry(core)

  return {
    /** First in the stack of a Hono app: server spans, RED metrics, one wide log event a request. */
    middleware: serverMiddleware(core),
    /** A `fetch` with client spans and `traceparent`; name the other side with `{ peer }`. */
    client: clientFetch(core) as (options?: FetchOptions) => Fetch,
    /** SQL spans and pool metrics for a mysql2 promise pool, in the pool's own shape. */
    database: (pool: MySqlPool, namespace: string) =>
      tracedPool(
        pool,
        databases({ system: 'mysql', namespace }, () => mySqlPoolState(pool)),
      ),
    /** The same for any other driver: wrap each statement in `query()`. */
    statements: (identity: DatabaseIdentity, state: () => PoolState): DatabaseTelemetry => databases(identity, state),
    ...instruments(core.meter),
    log: core.log,
    span,
    /** Sets an attribute on the current span and on the request's one log line. */
    set(key: string, value: AttributeValue) {
      const scope = currentScope()
      scope?.span.setAttribute(key, value)
      if (scope?.event) scope.event[key] = value
    },
    /** Marks the current span as failed by an error that is handled here, and logs the error once. */
    fail(error: unknown, level: LogLevel = 'error') {
      currentScope()?.span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', errorType(error))
      core.log.exception('exception', error, level)
    },
    /** The id of the current trace, 32 hexadecimal digits: what people quote. */
    traceId: (): string | undefined => currentScope()?.span.spanContext().traceId,
    /** Sends what is queued and waits until it has left. */
    flush: () => providers.flush(),
    /** Flushes and stops; gives up after `deadlineMs`, by default soon when the last export found nobody. */
    async shutdown(deadlineMs = isReceiverAway ? 250 : 4000) {
      stopRuntime()
      await Promise.race([providers.shutdown(), new Promise((done) => setTimeout(done, deadlineMs).unref())])
    },
  }

  /** Runs `work` in a new INTERNAL span below the current one. What it throws marks the span as failed. */
  async function span<T>(name: string, work: () => Promise<T> | T, attributes?: Attributes): Promise<T> {
    const parent = currentContext()
    const made = core.tracer.startSpan(name, { startTime: nowMs(), ...(attributes && { attributes }) }, parent)
    try {
      return await runInSpan(made, parent, currentScope()?.event, work)
    } catch (error) {
      made.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', errorType(error))
      throw error
    } finally {
      made.end(nowMs())
    }
  }
}

const lostItems = { traces: 'spans', logs: 'log records', metrics: 'exports of metrics' }
const toStandardOutput = (line: string) => process.stdout.write(`${line}\n`)

// At once the first time, then at most once a minute, with all that came in between.
function throttle<T>(report: (items: T[]) => void, intervalMs = 60_000): (item: T) => void {
  let waiting: T[] = []
  let quietUntilMs = 0
  return (item) => {
    waiting.push(item)
    if (performance.now() < quietUntilMs) return
    quietUntilMs = performance.now() + intervalMs
    report(waiting)
    waiting = []
  }
}
