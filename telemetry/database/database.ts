import { type Attributes, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { nowMs } from '../clock'
import type { Core } from '../core'
import { errorType } from '../errors'
import { createLabels, type Labels, memo } from '../labels'
import { type Counter, type Histogram, instruments } from '../metrics/instruments'
import { currentScope } from '../scope'
import { layer } from '../signals'
import { observePool, type PoolState } from './pool'
import { summarize } from './statement'

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
  use<C, T>(
    acquire: () => Promise<C>,
    release: (connection: C) => void,
    work: (connection: C) => Promise<T>,
  ): Promise<T>
  /** Borrows a connection for several calls: the same timing, from the caller's hands. */
  borrow<C>(acquire: () => Promise<C>): Promise<{ connection: C; released(): void }>
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
  const { metrics } = layer
  const duration = meter.histogram(metrics.statementDuration) as Histogram
  const waitTime = meter.histogram(metrics.connectionWait) as Histogram
  const useTime = meter.histogram(metrics.connectionUse) as Histogram
  const timeouts = meter.counter(metrics.connectionTimeouts) as Counter

  return ({ system, namespace }: DatabaseIdentity, state: () => PoolState): DatabaseTelemetry => {
    const pool = createLabels({ 'db.client.connection.pool.name': `${system}/${namespace}` })
    observePool(core.meter, pool.attributes, state)
    timeouts.add(0, pool.attributes)
    const labelsOf = statementLabels({ system, namespace })

    async function borrow<C>(acquire: () => Promise<C>) {
      const askedMs = nowMs()
      try {
        const connection = await acquire()
        const gotMs = nowMs()
        waitTime.record((gotMs - askedMs) / 1000, pool.attributes)
        if (gotMs - askedMs >= shownWaitMs) showWait(askedMs, gotMs)
        return { connection, released: () => useTime.record((nowMs() - gotMs) / 1000, pool.attributes) }
      } catch (error) {
        timeouts.add(1, pool.attributes)
        showWait(askedMs, nowMs(), error)
        throw error
      }
    }

    function showWait(startMs: number, endMs: number, error?: unknown): void {
      const around = currentScope()
      if (!around) return
      const span = core.startSpan('db.client.connection.wait', {
        startMs,
        labels: pool,
        parent: around.span.spanContext(),
      })
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR }).setAttributes(failureOf(error))
      span.end(endMs)
    }

    return {
      borrow,
      async use(acquire, release, work) {
        const { connection, released } = await borrow(acquire)
        try {
          return await work(connection)
        } finally {
          release(connection)
          released()
        }
      },
      async query(sql, run) {
        const startMs = nowMs()
        const { summary, onSpan, onMetric } = labelsOf(sql)
        const around = currentScope()
        const parent = around?.span.spanContext()
        const span = parent && core.startSpan(summary, { kind: SpanKind.CLIENT, startMs, labels: onSpan, parent })
        let failure: Attributes | undefined
        try {
          return await run()
        } catch (error) {
          failure = failureOf(error)
          span?.setStatus({ code: SpanStatusCode.ERROR }).setAttributes(failure)
          throw error
        } finally {
          const endMs = nowMs()
          span?.end(endMs)
          duration.record(
            (endMs - startMs) / 1000,
            failure ? { ...onMetric.attributes, ...failure } : onMetric.attributes,
          )
        }
      },
    }
  }
}

function failureOf(error: unknown): Attributes {
  const errno = (error as { errno?: unknown } | null)?.errno
  return {
    'error.type': errorType(error),
    ...(typeof errno === 'number' && { 'db.response.status_code': String(errno) }),
  }
}

interface StatementLabels {
  summary: string
  onSpan: Labels
  onMetric: Labels
}

function statementLabels({ system, namespace }: DatabaseIdentity): (sql: string) => StatementLabels {
  const onMetrics = memo((summary: string) => {
    const [operation = '', collection] = summary.split(' ')
    return createLabels({
      'db.system.name': system,
      'db.namespace': namespace,
      'db.query.summary': summary,
      'db.operation.name': operation,
      ...(collection && { 'db.collection.name': collection }),
    })
  }, 500)
  return memo((sql: string) => {
    const { summary } = summarize(sql)
    const onMetric = onMetrics(summary)
    return { summary, onMetric, onSpan: createLabels({ ...onMetric.attributes, 'db.query.text': sql }) }
  }, 500)
}
