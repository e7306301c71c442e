import { type Attributes, type AttributeValue, type Context, SpanStatusCode } from '@opentelemetry/api'
import { epochMs } from './clock'
import type { Core } from './core'
import { type DatabaseIdentity, type DatabaseTelemetry, databaseTelemetry } from './database/database'
import { type MySqlPool, mySqlPoolState, tracedPool } from './database/mysql'
import type { PoolState } from './database/pool'
import { errorType } from './errors'
import type { Send } from './export/delivery'
import { createHealth } from './export/health'
import { type CreatePipeline, type ExportLine, otlpPipeline } from './export/pipeline'
import { lostOf, observeExport } from './export/report'
import { clientFetch, type Fetch, type FetchOptions } from './http/client'
import { serverMiddleware } from './http/server'
import { serverReport } from './http/server-report'
import { memo } from './labels'
import { lineTexts, lineWriter } from './logs/lines'
import { createLogger, type Logger } from './logs/logger'
import { createRepeats, type RepeatLimit } from './logs/repeats'
import { instruments } from './metrics/instruments'
import { observeRuntime } from './metrics/runtime'
import { createSources, type ForeignProviders } from './providers'
import { redact, redactAll } from './redact'
import { currentScope, runInSpan } from './scope'
import type { Environment } from './settings/environment'
import { type LogLevel, readSettings } from './settings/settings'
import type { SamplingRule } from './traces/sampling'
import { contextOf } from './traces/tracer'
import { within } from './within'

export interface TelemetryOptions {
  /** `service.name`, unless `OTEL_SERVICE_NAME` says otherwise. */
  service: string
  version?: string
  /** `service.namespace`: what the service is a part of. */
  namespace?: string
  /** Where `OTEL_*`, `LOG_LEVEL` and `DEPLOYMENT_ENVIRONMENT` are read from; the process's own by default. */
  env?: Environment
  /** A file descriptor for log lines, or what receives each of them with its end of line; standard output by default. */
  write?: number | ((line: string) => void)
  /** Entries of trusted baggage that a request's span and log line show. */
  baggageAttributes?: readonly string[]
  /** The share of new traces that some routes keep; rules of `VITRINE_TRACES_RULES` come first. */
  rules?: readonly SamplingRule[]
  /** Lines of one kind that are written in a window before the rest is held back; 20 in 10 s by default. */
  repeats?: RepeatLimit
  /** Replaces `fetch` where batches leave: to make exports fail on purpose, or through a network of your own. */
  send?: Send
  /** Replaces the OTLP export by processors and readers of your own. */
  pipeline?: CreatePipeline
  /** Replaces where spans, metrics or log records begin. */
  providers?: ForeignProviders
}

export type Telemetry = ReturnType<typeof createTelemetry>

/**
 * Tracing, metrics and logs for one service, on the OpenTelemetry SDK's providers and nothing global. Exports over
 * OTLP/HTTP as the standard `OTEL_*` variables say; a receiver that is away costs one warning, and what waits for it is
 * bounded.
 */
export function createTelemetry(options: TelemetryOptions) {
  const { service, version = '0.0.0', env = process.env, write = 1, namespace } = options
  const { settings, complaints } = readSettings(service, env)
  settings.sampling.rules.push(...(options.rules ?? []))
  let lines: ExportLine[] = []
  const toReceiver: CreatePipeline = (producer) => {
    const made = otlpPipeline(settings, producer, (endpoint, failure) => health.heard(endpoint, failure), options.send)
    lines = made.lines
    return made.pipeline
  }
  const sources = createSources(settings, { version, namespace }, options.pipeline ?? toReceiver, options.providers)
  const repeats = createRepeats(options.repeats ?? { most: 20, windowMs: 10_000 })
  const output = typeof write === 'number' ? linesTo(write) : lineTexts(write)
  const core: Core = {
    startSpan: sources.startSpan,
    meter: sources.meter,
    log: createLogger({
      serviceName: settings.serviceName,
      level: settings.logLevel,
      repeats,
      output,
      record: sources.record,
      origin: sources.logOrigin,
    }),
    baggageAttributes: options.baggageAttributes ?? [],
  }
  const health = createHealth(core.log, () => lostOf(lines))
  for (const complaint of complaints) core.log.warn(complaint)
  const stopRuntime = settings.disabled ? () => {} : observeRuntime(core.meter)
  observeExport(core.meter, lines)
  const databases = databaseTelemetry(core)
  const requests = serverReport(core)
  let crashes = 0

  return {
    /** First in the stack of a Hono app: server spans, RED metrics, one wide log event a request. */
    middleware: serverMiddleware(core, requests, () => flush(), settings.isServerless),
    /**
     * Called inside a request: what counts others, in seconds, that get the same answer without coming to the middleware.
     * They are in the metrics, with its labels, and have neither span nor log line. Outside of a request it counts nothing.
     */
    alike: requests.alike,
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
    log: core.log as Logger,
    span,
    /** Sets an attribute on the current span and on the request's one log line. Secrets are replaced by `REDACTED`. */
    set(key: string, value: AttributeValue) {
      const scope = currentScope()
      if (!scope) return
      const shown = redact(key, value)
      scope.span.setAttribute(key, shown)
      if (!scope.exchange) return
      scope.exchange.event ??= {}
      scope.exchange.event[key] = shown
    },
    /** Marks the current span as failed by an error that is handled here, and logs the error once. */
    fail(error: unknown, level: LogLevel = 'error') {
      currentScope()?.span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', errorType(error))
      core.log.exception('exception', error, level)
    },
    /** The id of the current trace, 32 hexadecimal digits: what people quote. */
    traceId: (): string | undefined => currentScope()?.span.spanContext().traceId,
    /** The current span as the OpenTelemetry API's context: for other libraries that take one. */
    context: (): Context => contextOf(currentScope()?.span.spanContext()),
    /** The OpenTelemetry API's providers, for other libraries: what they emit leaves the same way. */
    providers: sources.providers,
    flush,
    shutdown,
    /**
     * For `process.on('uncaughtException', telemetry.crash)` and `'unhandledRejection'`: a FATAL record with the error,
     * all signals sent within 2 s, exit 1.
     */
    async crash(error: unknown): Promise<void> {
      core.log.exception('exception', error, 'fatal')
      if (crashes++ === 0) setTimeout(() => process.exit(1), crashDeadlineMs)
      repeats.flush()
      await flush().catch(() => {})
      // One that came meanwhile has its record on its way.
      if (--crashes === 0) process.exit(1)
    },
  }

  /** Flushes and stops; gives up after `deadlineMs`, by default soon when the last export found nobody. */
  async function shutdown(deadlineMs = health.isFailing() ? 250 : 4000): Promise<void> {
    stopRuntime()
    repeats.flush()
    output.flush()
    await within(deadlineMs, sources.shutdown())
  }

  /** Writes the log lines that wait, sends what is queued, and waits until it has been tried. */
  function flush(): Promise<void> {
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
      parent: currentScope()?.span.spanContext(),
    })
    try {
      // Waited for inside: what a query builder answers begins only then.
      return await runInSpan(made, async () => await work())
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
const linesTo = memo((fd: number) => lineWriter(fd))
