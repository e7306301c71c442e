import { type Attributes, type AttributeValue, type Context, SpanStatusCode } from '@opentelemetry/api'
import { activeContext, withSpan } from './active-context'
import { epochMs } from './clock'
import type { Core } from './core'
import { type DatabaseIdentity, type DatabaseTelemetry, databaseTelemetry } from './database/database'
import { type MySqlPool, mySqlPoolState, tracedPool } from './database/mysql'
import type { PoolState } from './database/pool'
import { encodeAsDouble } from './encode/attributes'
import { errorType } from './errors'
import { countLost, observeExport } from './export/exporter-metrics'
import type { Send } from './export/http-sender'
import { createOutageReporter } from './export/outage-reporter'
import { type CreatePipeline, otlpPipeline, type SignalExporter } from './export/pipeline'
import { clientFetch, type Fetch, type FetchOptions } from './http/client'
import { serverMiddleware } from './http/server'
import { serverRecorder } from './http/server-recorder'
import { createLogger, type Logger } from './logs/logger'
import { fileDescriptorOutput, functionOutput } from './logs/output'
import { createRepeatFilter, type RepeatLimit } from './logs/repeat-filter'
import { memoize } from './memoize'
import { instruments } from './metrics/instruments'
import { observeRuntime } from './metrics/runtime'
import { type CustomProviders, createSignalSources } from './providers'
import { redact, redactAll } from './redact'
import type { Environment } from './settings/environment'
import { type LogLevel, readSettings } from './settings/settings'
import type { SamplingRule } from './traces/sampling'
import { contextOf } from './traces/tracer'
import { waitWithTimeout } from './wait-with-timeout'

export interface TelemetryOptions {
  /** `service.name`; `OTEL_SERVICE_NAME` takes precedence. */
  serviceName: string
  serviceVersion?: string
  /** `service.namespace`: the system that the service belongs to. */
  serviceNamespace?: string
  /** The environment with `OTEL_*`, `LOG_LEVEL` and `DEPLOYMENT_ENVIRONMENT`; `process.env` by default. */
  env?: Environment
  /** The destination of log lines: a file descriptor, or a function called with each line including its end; default 1. */
  write?: number | ((line: string) => void)
  /** Keys of baggage entries that are recorded on a request's span and wide event. */
  baggageAttributes?: readonly string[]
  /** Sampling ratios by route; the rules of `VITRINE_TRACES_RULES` come first. */
  samplingRules?: readonly SamplingRule[]
  /** How many equal log records are logged in a window before more are held back; 20 in 10 s by default. */
  repeatLimit?: RepeatLimit
  /** Replaces `fetch` for exports: to inject failures, or for a network of your own. */
  send?: Send
  /** Replaces the OTLP export by your own processors and readers. */
  pipeline?: CreatePipeline
  /** Replaces the SDK's tracer, meter or logger provider. */
  providers?: CustomProviders
}

export type Telemetry = ReturnType<typeof createTelemetry>

/**
 * Creates traces, metrics and logs for one service, on the OpenTelemetry SDK's providers, without global state. Exports over
 * OTLP/HTTP, as configured by the standard `OTEL_*` variables. An unavailable receiver causes one warning and a bounded queue.
 * @example
 * const telemetry = createTelemetry({ serviceName: 'greeter' })
 * const app = new Hono().use(telemetry.middleware())
 */
export function createTelemetry(options: TelemetryOptions) {
  const { serviceName, serviceVersion = '0.0.0', env = process.env, write = 1, serviceNamespace } = options
  const { settings, warnings } = readSettings(serviceName, env)
  settings.sampling.rules.push(...(options.samplingRules ?? []))
  let exporters: SignalExporter[] = []
  const createOtlpPipeline: CreatePipeline = (producer) => {
    const created = otlpPipeline(
      settings,
      producer,
      (endpoint, failure) => outageReporter.recordAttempt(endpoint, failure),
      options.send,
    )
    exporters = created.exporters
    return created.pipeline
  }
  const sources = createSignalSources(
    settings,
    { version: serviceVersion, namespace: serviceNamespace },
    options.pipeline ?? createOtlpPipeline,
    options.providers,
  )
  const repeatFilter = createRepeatFilter(options.repeatLimit ?? { maxPerWindow: 20, windowMs: 10_000 })
  const output = typeof write === 'number' ? outputFor(write) : functionOutput(write)
  const core: Core = {
    startSpan: sources.startSpan,
    meter: sources.meter,
    log: createLogger({
      serviceName: settings.serviceName,
      level: settings.logLevel,
      repeatFilter,
      output,
      emitLogRecord: sources.emitLogRecord,
      sharedState: sources.loggerSharedState,
    }),
    baggageAttributes: options.baggageAttributes ?? [],
  }
  const outageReporter = createOutageReporter(core.log, () => countLost(exporters))
  for (const warning of warnings) core.log.warn(warning)
  const stopRuntime = settings.disabled ? () => {} : observeRuntime(core.meter)
  observeExport(core.meter, exporters)
  const databases = databaseTelemetry(core)
  const recorder = serverRecorder(core)
  let crashes = 0

  return {
    /** The first middleware of a Hono app: SERVER spans, RED metrics and one wide event per request. */
    middleware: serverMiddleware(core, recorder, () => forceFlush(), settings.isServerless),
    /**
     * For caches before the middleware. Call it inside a request: the returned function records the duration, in seconds, of
     * another request that got the same response. Such requests are in the metrics only, with the attributes of the first.
     * Outside of a request the function records nothing.
     */
    reusedResponseRecorder: recorder.reusedResponseRecorder,
    /** Creates a `fetch` with CLIENT spans and `traceparent`. `peer` is the `service.name` of the called service. */
    client: clientFetch(core) as (options?: FetchOptions) => Fetch,
    /** Wraps a mysql2 promise pool: SQL spans and pool metrics. The result has the pool's shape. */
    database: (pool: MySqlPool, namespace: string) =>
      tracedPool(
        pool,
        databases({ system: 'mysql', namespace }, () => mySqlPoolState(pool)),
      ),
    /** SQL spans and pool metrics for any other driver: call `query()` for each statement. */
    instrumentDatabase: (identity: DatabaseIdentity, state: () => PoolState): DatabaseTelemetry =>
      databases(identity, state),
    ...instruments(core.meter),
    log: core.log as Logger,
    span,
    /** Sets an attribute on the current span and on the request's wide event. Secrets are replaced by `REDACTED`. */
    setAttribute(key: string, value: AttributeValue) {
      const context = activeContext()
      if (!context) return
      const redacted = redact(key, value)
      context.span.setAttribute(key, redacted)
      if (!context.exchange) return
      context.exchange.wideEvent ??= {}
      context.exchange.wideEvent[key] = redacted
    },
    /**
     * Exports the numbers of these attributes as doubles, also whole ones, for which JavaScript does not show whether they are
     * integers. Like the SDK, all other whole numbers are exported as integers.
     */
    exportAsDouble: encodeAsDouble,
    /** Records an error that the program handles: sets the error status of the current span and logs the error once. */
    recordException(error: unknown, level: LogLevel = 'error') {
      activeContext()?.span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', errorType(error))
      core.log.exception('exception', error, level)
    },
    /** The id of the current trace: 32 hexadecimal digits. */
    traceId: (): string | undefined => activeContext()?.span.spanContext().traceId,
    /** The current span as an OpenTelemetry context, for other libraries. */
    context: (): Context => contextOf(activeContext()?.span.spanContext()),
    /** The OpenTelemetry API's providers, for other libraries: their signals are exported the same way. */
    providers: sources.providers,
    forceFlush,
    shutdown,
    /**
     * For `process.on('uncaughtException', telemetry.crash)` and `'unhandledRejection'`: logs the error as FATAL, exports all
     * signals within 2 s, and exits with code 1.
     */
    async crash(error: unknown): Promise<void> {
      core.log.exception('exception', error, 'fatal')
      if (crashes++ === 0) setTimeout(() => process.exit(1), crashDeadlineMs)
      repeatFilter.flush()
      await forceFlush().catch(() => {})
      // Another crash in the meantime flushes its own record and exits.
      if (--crashes === 0) process.exit(1)
    },
  }

  /** Exports all queued signals and stops. @param timeoutMs default 4 s; 250 ms if the receiver is unavailable. */
  async function shutdown(timeoutMs = outageReporter.isFailing() ? 250 : 4000): Promise<void> {
    stopRuntime()
    repeatFilter.flush()
    output.flush()
    await waitWithTimeout(timeoutMs, sources.shutdown())
  }

  /** Writes pending log lines and exports all queued signals. Resolves when each batch has been tried once. */
  function forceFlush(): Promise<void> {
    output.flush()
    return sources.flush()
  }

  /** Runs `work` in a new INTERNAL span, a child of the current one. An exception sets the error status and is rethrown. */
  async function span<T>(name: string, work: () => Promise<T> | T, attributes?: Attributes): Promise<T> {
    const started = performance.now()
    const startMs = epochMs(started)
    const newSpan = core.startSpan(name, {
      startMs,
      attributes: attributes && redactAll(attributes),
      parent: activeContext()?.span.spanContext(),
    })
    try {
      // Awaited inside the span: query builders return thenables that start when they are awaited.
      return await withSpan(newSpan, async () => await work())
    } catch (error) {
      newSpan.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', errorType(error))
      throw error
    } finally {
      newSpan.end(startMs + performance.now() - started)
    }
  }
}

const crashDeadlineMs = 2000

// One output per file descriptor: the lines of several services in one process must not interleave.
const outputFor = memoize((fd: number) => fileDescriptorOutput(fd))
