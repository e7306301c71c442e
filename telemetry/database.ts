import { type Attributes, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { nowMs } from './clock'
import type { Core } from './core'
import { errorType } from './errors'
import { databaseBuckets, instruments } from './metrics'
import { currentScope } from './scope'
import { summarize } from './statement'

export interface DatabaseIdentity {
  /** `mysql` or `sqlite`. */
  system: string
  /** The database's name (or file name, for SQLite). */
  namespace: string
}

/** How full a pool of connections is, now. */
export interface PoolState {
  idle: number
  used: number
  max: number
  pending: number
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
  /** For a connection held across calls: call at acquire, then at `acquired()`, then at `released()`. */
  hold(): { acquired(): void; released(): void }
}

/**
 * SQL spans, `db.client.operation.duration` and the pool's `db.client.connection.*` for one database.
 * Source: semantic conventions 1.44, "Database client". Never records a parameter.
 */
export function databaseTelemetry(core: Core) {
  const meter = instruments(core.meter)
  const seconds = (name: string, description: string) =>
    meter.histogram(name, { unit: 's', description, buckets: databaseBuckets })
  const duration = seconds('db.client.operation.duration', 'Duration of database statements')
  const waitTime = seconds('db.client.connection.wait_time', 'Time to obtain a connection from the pool')
  const useTime = seconds('db.client.connection.use_time', 'Time between borrowing a connection and giving it back')

  return ({ system, namespace }: DatabaseIdentity, state: () => PoolState): DatabaseTelemetry => {
    const pool = Object.freeze({ 'db.client.connection.pool.name': `${system}/${namespace}` })
    observePool(core, pool, state)
    const labelsOf = labelCache(system, namespace)

    const hold = () => {
      const askedMs = nowMs()
      let gotMs = askedMs
      return {
        acquired() {
          gotMs = nowMs()
          waitTime.record((gotMs - askedMs) / 1000, pool)
        },
        released: () => useTime.record((nowMs() - gotMs) / 1000, pool),
      }
    }

    return {
      hold,
      async use(acquire, release, work) {
        const timer = hold()
        const connection = await acquire()
        timer.acquired()
        try {
          return await work(connection)
        } finally {
          release(connection)
          timer.released()
        }
      },
      async query(sql, run) {
        const startMs = nowMs()
        const { summary } = summarize(sql)
        const parent = currentScope()
        const attributes = { ...labelsOf(sql), 'db.query.text': sql }
        const span =
          parent &&
          core.tracer.startSpan(summary, { kind: SpanKind.CLIENT, startTime: startMs, attributes }, parent.context)
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
          duration.record((endMs - startMs) / 1000, failure ? { ...labelsOf(sql), ...failure } : labelsOf(sql))
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

function labelCache(system: string, namespace: string) {
  const cache = new Map<string, Attributes>()
  return (sql: string): Attributes => {
    const { summary, operation, collection } = summarize(sql)
    const known = cache.get(summary)
    if (known) return known
    const labels = Object.freeze({
      'db.system.name': system,
      'db.namespace': namespace,
      'db.query.summary': summary,
      'db.operation.name': operation,
      ...(collection && { 'db.collection.name': collection }),
    })
    if (cache.size < 500) cache.set(summary, labels)
    return labels
  }
}

function observePool({ meter }: Core, pool: Attributes, state: () => PoolState): void {
  const gauge = (name: string, description: string) =>
    meter.createObservableUpDownCounter(`db.client.connection.${name}`, { unit: '{connection}', description })
  const count = gauge('count', 'Connections of the pool, by state')
  const max = gauge('max', 'Most connections that the pool may open')
  const pending = meter.createObservableUpDownCounter('db.client.connection.pending_requests', {
    unit: '{request}',
    description: 'Requests that wait for a connection',
  })
  meter.addBatchObservableCallback(
    (result) => {
      const now = state()
      result.observe(count, now.idle, { ...pool, 'db.client.connection.state': 'idle' })
      result.observe(count, now.used, { ...pool, 'db.client.connection.state': 'used' })
      result.observe(max, now.max, pool)
      result.observe(pending, now.pending, pool)
    },
    [count, max, pending],
  )
}
