import { type Attributes, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { activeContext } from '../active-context'
import { builtInDeclarations } from '../built-in-declarations'
import { epochMs } from '../clock'
import type { Core } from '../core'
import { errorType } from '../errors'
import { memoize } from '../memoize'
import { type Counter, type Histogram, instruments } from '../metrics/instruments'
import { createSharedAttributes, type SharedAttributes } from '../shared-attributes'
import { observePool, type PoolState } from './pool'
import { summarize, withoutLiterals } from './statement'

export interface DatabaseIdentity {
  /** `mysql` or `sqlite`. */
  system: string
  /** The database's name (or file name, for SQLite). */
  namespace: string
}

export interface DatabaseTelemetry {
  /** Runs a parameterized statement: records its duration and, inside a request or another span, one CLIENT span. */
  query<T>(sql: string, run: () => Promise<T>): Promise<T>
  /** Runs `work` with a connection, then releases it. Records the wait for the connection and the time of its use, in s. */
  withConnection<C, T>(
    acquire: () => Promise<C>,
    release: (connection: C) => void,
    work: (connection: C) => Promise<T>,
  ): Promise<T>
  /** Acquires a connection for several calls. The caller calls `released()` after it has released the connection. */
  acquireConnection<C>(acquire: () => Promise<C>): Promise<{ connection: C; released(): void }>
}

// Waits under 1 ms are recorded in the metric only.
const minWaitSpanMs = 1

/**
 * SQL spans, `db.client.operation.duration` and the pool's `db.client.connection.*` for one database. A wait for a
 * connection gets its own span if it takes at least 1 ms or fails. Parameters are never recorded.
 * Source: semantic conventions 1.44, "Database client".
 */
export function databaseTelemetry(core: Core) {
  const meter = instruments(core.meter)
  const { metrics } = builtInDeclarations
  const duration = meter.histogram(metrics.statementDuration) as Histogram
  const waitTime = meter.histogram(metrics.connectionWait) as Histogram
  const useTime = meter.histogram(metrics.connectionUse) as Histogram
  const timeouts = meter.counter(metrics.connectionTimeouts) as Counter

  return ({ system, namespace }: DatabaseIdentity, state: () => PoolState): DatabaseTelemetry => {
    const pool = createSharedAttributes({ 'db.client.connection.pool.name': `${system}/${namespace}` })
    observePool(core.meter, pool.attributes, state)
    timeouts.add(0, pool.attributes)
    const attributesOf = statementAttributes({ system, namespace })

    async function acquireConnection<C>(acquire: () => Promise<C>) {
      const started = performance.now()
      const startMs = epochMs(started)
      try {
        const connection = await acquire()
        const acquired = recordWait()
        return { connection, released: () => useTime.record((performance.now() - acquired) / 1000, pool.attributes) }
      } catch (error) {
        if (isTimeout(error)) timeouts.add(1, pool.attributes)
        recordWait(error)
        throw error
      }

      // Failed waits count too: they are part of the request's duration.
      function recordWait(error?: unknown): number {
        const ended = performance.now()
        waitTime.record((ended - started) / 1000, pool.attributes)
        if (error !== undefined || ended - started >= minWaitSpanMs)
          recordWaitSpan(startMs, startMs + ended - started, error)
        return ended
      }
    }

    function recordWaitSpan(startMs: number, endMs: number, error?: unknown): void {
      const context = activeContext()
      if (!context) return
      const span = core.startSpan('db.client.connection.wait', {
        startMs,
        sharedAttributes: pool,
        parent: context.span.spanContext(),
      })
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR }).setAttributes(errorAttributesOf(error))
      span.end(endMs)
    }

    return {
      acquireConnection,
      async withConnection(acquire, release, work) {
        const { connection, released } = await acquireConnection(acquire)
        try {
          return await work(connection)
        } finally {
          release(connection)
          released()
        }
      },
      async query(sql, run) {
        const started = performance.now()
        const startMs = epochMs(started)
        const { summary, onSpan, onMetric } = attributesOf(sql)
        const context = activeContext()
        const parent = context?.span.spanContext()
        const span =
          parent && core.startSpan(summary, { kind: SpanKind.CLIENT, startMs, sharedAttributes: onSpan, parent })
        let errorAttributes: Attributes | undefined
        try {
          return await run()
        } catch (error) {
          errorAttributes = errorAttributesOf(error)
          span?.setStatus({ code: SpanStatusCode.ERROR }).setAttributes(errorAttributes)
          throw error
        } finally {
          const durationMs = performance.now() - started
          span?.end(startMs + durationMs)
          duration.record(
            durationMs / 1000,
            errorAttributes ? { ...onMetric.attributes, ...errorAttributes } : onMetric.attributes,
          )
        }
      },
    }
  }
}

const isTimeout = (error: unknown) => /timed?_?out/i.test(errorType(error))

function errorAttributesOf(error: unknown): Attributes {
  const errno = (error as { errno?: unknown } | null)?.errno
  return {
    'error.type': errorType(error),
    ...(typeof errno === 'number' && { 'db.response.status_code': String(errno) }),
  }
}

interface StatementAttributes {
  summary: string
  onSpan: SharedAttributes
  onMetric: SharedAttributes
}

function statementAttributes({ system, namespace }: DatabaseIdentity): (sql: string) => StatementAttributes {
  const metricAttributesOf = memoize((summary: string) => {
    const [operation = '', collection] = summary.split(' ')
    return createSharedAttributes({
      'db.system.name': system,
      'db.namespace': namespace,
      'db.query.summary': summary,
      'db.operation.name': operation,
      ...(collection && { 'db.collection.name': collection }),
    })
  }, 500)
  return memoize((sql: string) => {
    const { summary } = summarize(sql, system)
    const onMetric = metricAttributesOf(summary)
    return {
      summary,
      onMetric,
      onSpan: createSharedAttributes({ ...onMetric.attributes, 'db.query.text': withoutLiterals(sql, system) }),
    }
  }, 500)
}
