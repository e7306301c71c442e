import { type Attributes, type AttributeValue, type Context, SpanStatusCode } from '@opentelemetry/api'
import { activeContext, withSpan } from './active-context'
import { epochMs } from './clock'
import type { Core } from './core'
import { type DatabaseIdentity, type DatabaseTelemetry, databaseTelemetry } from './database/database'
import { type MySqlPool, mySqlPoolState, tracedPool } from './database/mysql'
import type { PoolState } from './database/pool'
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
  /** `service.name`, unless `OTEL_SERVICE_NAME` says otherwise. */
  serviceName: string
  serviceVersion?: string
  /** `service.namespace`: what the service is a part of. */
  serviceNamespace?: string
  /** Where `OTEL_*`, `LOG_LEVEL` and `DEPLOYMENT_ENVIRONMENT` are read from; the process's own by default. */
  env?: Environment
  /** A file descriptor for log lines, or what receives each of them with its end of line; standard output by default. */
  write?: number | ((line: string) => void)
  /** Entries of trusted baggage that a request's span and log line show. */
  baggageAttributes?: readonly string[]
  /** The share of new traces that some routes keep; rules of `VITRINE_TRACES_RULES` come first. */
  samplingRules?: readonly SamplingRule[]
  /** Lines of one kind that are written in a window before the rest is held back; 20 in 10 s by default. */
  repeatLimit?: RepeatLimit
  /** Replaces `fetch` where batches leave: to make exports fail on purpose, or through a network of your own. */
  send?: Send
  /** Replaces the OTLP export by processors and readers of your own. */
  pipeline?: CreatePipeline
  /** Replaces where spans, metrics or log records begin. */
  providers?: CustomProviders
}

export type Telemetry = ReturnType<typeof createTelemetry>

/**
 * Tracing, metrics and logs for one service, on the OpenTelemetry SDK's providers and nothing global. Exports over
 * OTLP/HTTP as the standard `OTEL_*` variables say; a receiver that is away costs one warning, and what waits for it is
 * bounded.
 */
export function createTelemetry(options: TelemetryOptions) {
  const { serviceName, serviceVersion = '0.0.0', env = process.env, write = 1, serviceNamespace } = options
  const { settings, warnings } = readSettings(serviceName, env)
  settings.sampling.rules.push(...(options.samplingRules ?? []))
  let lines: SignalExporter[] = []
  const toReceiver: CreatePipeline = (producer) => {
    const made = otlpPipeline(
      settings,
      producer,
      (endpoint, failure) => health.recordAttempt(endpoint, failure),
      options.send,
    )
    lines = made.exporters
    return made.pipeline
  }
  const sources = createSignalSources(
    settings,
    { version: serviceVersion, namespace: serviceNamespace },
    options.pipeline ?? toReceiver,
    options.providers,
  )
  const repeatFilter = createRepeatFilter(options.repeatLimit ?? { maxPerWindow: 20, windowMs: 10_000 })
  const output = typeof write === 'number' ? linesTo(write) : functionOutput(write)
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
  const health = createOutageReporter(core.log, () => countLost(lines))
  for (const complaint of warnings) core.log.warn(complaint)
  const stopRuntime = settings.disabled ? () => {} : observeRuntime(core.meter)
  observeExport(core.meter, lines)
  const databases = databaseTelemetry(core)
  const requests = serverRecorder(core)
  let crashes = 0

  return {
    /** First in the stack of a Hono app: server spans, RED metrics, one wide log event a request. */
    middleware: serverMiddleware(core, requests, () => forceFlush(), settings.isServerless),
    /**
     * Called inside a request: what counts others, in seconds, that get the same answer without coming to the middleware.
     * They are in the metrics, with its labels, and have neither span nor log line. Outside of a request it counts nothing.
     */
    reusedResponseRecorder: requests.reusedResponseRecorder,
    /** A `fetch` with client spans and `traceparent`; name the other side with `{ peer }`. */
    client: clientFetch(core) as (options?: FetchOptions) => Fetch,
    /** SQL spans and pool metrics for a mysql2 promise pool, in the pool's own shape. */
    database: (pool: MySqlPool, namespace: string) =>
      tracedPool(
        pool,
        databases({ system: 'mysql', namespace }, () => mySqlPoolState(pool)),
      ),
    /** The same for any other driver: wrap each statement in `query()`. */
    instrumentDatabase: (identity: DatabaseIdentity, state: () => PoolState): DatabaseTelemetry =>
      databases(identity, state),
    ...instruments(core.meter),
    log: core.log as Logger,
    span,
    /** Sets an attribute on the current span and on the request's one log line. Secrets are replaced by `REDACTED`. */
    setAttribute(key: string, value: AttributeValue) {
      const scope = activeContext()
      if (!scope) return
      const shown = redact(key, value)
      scope.span.setAttribute(key, shown)
      if (!scope.exchange) return
      scope.exchange.wideEvent ??= {}
      scope.exchange.wideEvent[key] = shown
    },
    /** Marks the current span as failed by an error that is handled here, and logs the error once. */
    recordException(error: unknown, level: LogLevel = 'error') {
      activeContext()?.span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', errorType(error))
      core.log.exception('exception', error, level)
    },
    /** The id of the current trace, 32 hexadecimal digits: what people quote. */
    traceId: (): string | undefined => activeContext()?.span.spanContext().traceId,
    /** The current span as the OpenTelemetry API's context: for other libraries that take one. */
    context: (): Context => contextOf(activeContext()?.span.spanContext()),
    /** The OpenTelemetry API's providers, for other libraries: what they emit leaves the same way. */
    providers: sources.providers,
    forceFlush,
    shutdown,
    /**
     * For `process.on('uncaughtException', telemetry.crash)` and `'unhandledRejection'`: a FATAL record with the error,
     * all signals sent within 2 s, exit 1.
     */
    async crash(error: unknown): Promise<void> {
      core.log.exception('exception', error, 'fatal')
      if (crashes++ === 0) setTimeout(() => process.exit(1), crashDeadlineMs)
      repeatFilter.flush()
      await forceFlush().catch(() => {})
      // One that came meanwhile has its record on its way.
      if (--crashes === 0) process.exit(1)
    },
  }

  /** Flushes and stops; gives up after `deadlineMs`, by default soon when the last export found nobody. */
  async function shutdown(deadlineMs = health.isFailing() ? 250 : 4000): Promise<void> {
    stopRuntime()
    repeatFilter.flush()
    output.flush()
    await waitWithTimeout(deadlineMs, sources.shutdown())
  }

  /** Writes the log lines that wait, sends what is queued, and waits until it has been tried. */
  function forceFlush(): Promise<void> {
    output.flush()
    return sources.flush()
  }

  /** Runs `work` in a new INTERNAL span below the current one. What it throws marks the span as failed. */
  async function span<T>(name: string, work: () => Promise<T> | T, attributes?: Attributes): Promise<T> {
    const started = performance.now()
    const startMs = epochMs(started)
    const made = core.startSpan(name, {
      startMs,
      attributes: attributes && redactAll(attributes),
      parent: activeContext()?.span.spanContext(),
    })
    try {
      // Waited for inside: what a query builder answers begins only then.
      return await withSpan(made, async () => await work())
    } catch (error) {
      made.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', errorType(error))
      throw error
    } finally {
      made.end(startMs + performance.now() - started)
    }
  }
}

const crashDeadlineMs = 2000

// One for each file, however many services run in the process: lines must not mix.
const linesTo = memoize((fd: number) => fileDescriptorOutput(fd))
