import { type Attributes, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { activeContext } from '../active-context'
import { builtInDeclarations } from '../built-in-declarations'
import { epochMs } from '../clock'
import type { Core } from '../core'
import { errorType } from '../errors'
import { type Counter, type Histogram, instruments } from '../metrics/instruments'
import { createSharedAttributes, memo, type SharedAttributes } from '../shared-attributes'
import { observePool, type PoolState } from './pool'
import { summarize, withoutLiterals } from './statement'

export interface DatabaseIdentity {
  /** `mysql` or `sqlite`. */
  system: string
  /** The database's name (or file name, for SQLite). */
  namespace: string
}

export interface DatabaseTelemetry {
  /** One CLIENT span (inside a request or another span; none outside) and one duration for a parameterised statement. */
  query<T>(sql: string, run: () => Promise<T>): Promise<T>
  /** Times the wait for a connection and its use; `acquire` answers the connection and how to give it back. */
  withConnection<C, T>(
    acquire: () => Promise<C>,
    release: (connection: C) => void,
    work: (connection: C) => Promise<T>,
  ): Promise<T>
  /** Borrows a connection for several calls: the same timing, from the caller's hands. */
  acquireConnection<C>(acquire: () => Promise<C>): Promise<{ connection: C; released(): void }>
}

// A shorter wait is none that anybody would look for.
const shownWaitMs = 1

/**
 * SQL spans, `db.client.operation.duration` and the pool's `db.client.connection.*` for one database. A wait for a
 * connection that can be felt, or that fails, is a span of its own. Never records a parameter.
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
    const labelsOf = statementLabels({ system, namespace })

    async function acquireConnection<C>(acquire: () => Promise<C>) {
      const asked = performance.now()
      const askedMs = epochMs(asked)
      try {
        const connection = await acquire()
        const got = waited()
        return { connection, released: () => useTime.record((performance.now() - got) / 1000, pool.attributes) }
      } catch (error) {
        if (isTimeout(error)) timeouts.add(1, pool.attributes)
        waited(error)
        throw error
      }

      // Until there was a connection, or none would come: both are a request's time that no statement took.
      function waited(error?: unknown): number {
        const ended = performance.now()
        waitTime.record((ended - asked) / 1000, pool.attributes)
        if (error !== undefined || ended - asked >= shownWaitMs) showWait(askedMs, askedMs + ended - asked, error)
        return ended
      }
    }

    function showWait(startMs: number, endMs: number, error?: unknown): void {
      const around = activeContext()
      if (!around) return
      const span = core.startSpan('db.client.connection.wait', {
        startMs,
        sharedAttributes: pool,
        parent: around.span.spanContext(),
      })
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR }).setAttributes(failureOf(error))
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
        const { summary, onSpan, onMetric } = labelsOf(sql)
        const around = activeContext()
        const parent = around?.span.spanContext()
        const span =
          parent && core.startSpan(summary, { kind: SpanKind.CLIENT, startMs, sharedAttributes: onSpan, parent })
        let failure: Attributes | undefined
        try {
          return await run()
        } catch (error) {
          failure = failureOf(error)
          span?.setStatus({ code: SpanStatusCode.ERROR }).setAttributes(failure)
          throw error
        } finally {
          const durationMs = performance.now() - started
          span?.end(startMs + durationMs)
          duration.record(durationMs / 1000, failure ? { ...onMetric.attributes, ...failure } : onMetric.attributes)
        }
      },
    }
  }
}

const isTimeout = (error: unknown) => /timed?_?out/i.test(errorType(error))

function failureOf(error: unknown): Attributes {
  const errno = (error as { errno?: unknown } | null)?.errno
  return {
    'error.type': errorType(error),
    ...(typeof errno === 'number' && { 'db.response.status_code': String(errno) }),
  }
}

interface StatementLabels {
  summary: string
  onSpan: SharedAttributes
  onMetric: SharedAttributes
}

function statementLabels({ system, namespace }: DatabaseIdentity): (sql: string) => StatementLabels {
  const onMetrics = memo((summary: string) => {
    const [operation = '', collection] = summary.split(' ')
    return createSharedAttributes({
      'db.system.name': system,
      'db.namespace': namespace,
      'db.query.summary': summary,
      'db.operation.name': operation,
      ...(collection && { 'db.collection.name': collection }),
    })
  }, 500)
  return memo((sql: string) => {
    const { summary } = summarize(sql, system)
    const onMetric = onMetrics(summary)
    return {
      summary,
      onMetric,
      onSpan: createSharedAttributes({ ...onMetric.attributes, 'db.query.text': withoutLiterals(sql, system) }),
    }
  }, 500)
}
