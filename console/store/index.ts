import { Database } from 'bun:sqlite'
import { rmSync } from 'node:fs'
import type { Signal, Sink } from '../receive/routes'
import { createActiveTraces } from './active-traces'
import { createErrorGroups } from './error-groups'
import { createLogWriter } from './logs'
import { createMetricWriter } from './metrics'
import { createPruner, type RowCounts, type StoreLimits } from './prune'
import { createResources } from './resources'
import { createRollups } from './rollups'
import { schema } from './schema'
import { createSpanWriter } from './spans'

export interface StoreOptions {
  /** A SQLite file, or `:memory:`. */
  path?: string
  limits?: Partial<StoreLimits>
  /** Names of the events that pages draw on their time axes. */
  annotationEvents?: string[]
  /** How often rollups are written and old rows are deleted. */
  tickMs?: number
}

/** The state of the forwarder, for the foot of pages. */
export interface ForwarderState {
  url: string
  sent: number
  dropped: number
  /** Why the last attempt failed; `undefined` when it succeeded. */
  lastError: string | undefined
}

// A file with another version is deleted.
const version = 4
// "VITR". Marks a file as the console's, so that no other database is deleted.
const applicationId = 0x56495452
const dayMs = 24 * 60 * 60 * 1000
const megabyte = 1024 * 1024
const memoryLimits: StoreLimits = {
  spans: 200_000,
  logs: 200_000,
  points: 1_000_000,
  bytes: 128 * megabyte,
  ageMs: dayMs,
}
const fileLimits: StoreLimits = {
  spans: 2_000_000,
  logs: 2_000_000,
  points: 5_000_000,
  bytes: 4096 * megabyte,
  ageMs: 7 * dayMs,
}
// Other requests run between two steps of pruning.
const pruneIntervalMs = 5
// A table may exceed its limit by this factor between two ticks.
const slack = 1.02

/** Stores the newest telemetry in SQLite, within limits of rows, bytes and age. */
export function openStore({
  path = ':memory:',
  limits: given,
  annotationEvents = [],
  tickMs = 1000,
}: StoreOptions = {}) {
  const limits = { ...(path === ':memory:' ? memoryLimits : fileLimits), ...given }
  const db = openDatabase(path)
  const counts = countRows(db)
  const droppedCounts = new Map<string, number>()
  const rollups = createRollups(db)
  const active = createActiveTraces(db, rollups)
  const resources = createResources(db)
  const errorGroups = createErrorGroups(db)
  const parts = { db, resources, active, rollups, errorGroups, annotationEvents }
  const writeSpans = createSpanWriter(parts)
  const writeLogs = createLogWriter(parts)
  const writeMetrics = createMetricWriter(db, resources, countDropped)
  const pruner = createPruner(db, counts, limits, countDropped, active.forget)
  const saveDropped = db.prepare(
    'INSERT INTO dropped VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
  )
  const lastErrors: Partial<Record<Signal, { message: string; atMs: number }>> = {}
  const tickListeners: (() => void)[] = []
  const received = { traces: 0, logs: 0, metrics: 0, alerts: 0 }
  const sink: Sink = {
    spans(groups) {
      write('traces', 'spans', () => writeSpans(groups, Date.now()))
      resources.recordLastSeen(groups, ({ startUs, durationUs }) => [startUs + durationUs])
    },
    logs(groups) {
      write('logs', 'logs', () => writeLogs(groups, Date.now()))
      resources.recordLastSeen(groups, ({ timeUs }) => [timeUs])
    },
    metrics(groups) {
      write('metrics', 'points', () => writeMetrics(groups))
      resources.recordLastSeen(groups, ({ points }) => points.map(({ timeUs }) => timeUs))
    },
    rejected(signal, count, message) {
      lastErrors[signal] = { message, atMs: Date.now() }
      countDropped(signal, 'refused', count || 1)
    },
  }
  let pruneTimer: ReturnType<typeof setTimeout> | undefined
  let isClosed = false
  const tickTimer = setInterval(tick, tickMs)
  tickTimer.unref()
  return {
    /** Set by the owner of the forwarder. */
    forwarding: undefined as ForwarderState | undefined,
    /** Registers a listener that is called on each tick. */
    onTick: (listener: () => void) => void tickListeners.push(listener),
    /** Counts received alerts, which are not stored here, so that open pages notice them. */
    countAlerts(count: number): void {
      received.alerts += count
    },
    db,
    sink,
    counts,
    limits,
    lastErrors,
    receivedCounts,
    services,
    routes,
    flush,
    bytes: pruner.bytes,
    dropped,
    close,
  }

  function write(signal: Signal, rows: keyof RowCounts, insert: () => number): void {
    const added = db.transaction(insert)()
    received[signal] += added
    counts[rows] += added
    // Prunes before the next tick when telemetry arrives fast.
    if (counts[rows] > limits[rows] * slack) prune()
  }

  /** How much was received since the start. Open pages compare these numbers to notice that they are stale. */
  function receivedCounts() {
    const { traces: spans, logs, metrics, alerts } = received
    return { traces: active.opened(), spans, logs, metrics, alerts }
  }

  /** The services that have sent telemetry. */
  function services(): string[] {
    const rows = db.query('SELECT DISTINCT service FROM resources ORDER BY service').all() as { service: string }[]
    return rows.map(({ service }) => service)
  }

  /** The routes of server spans, of one service or of all. */
  function routes(service?: string): string[] {
    const rows = db
      .query("SELECT DISTINCT name FROM subjects WHERE what = 'route' AND (?1 IS NULL OR service = ?1) ORDER BY name")
      .all(service ?? null) as { name: string }[]
    return rows.map(({ name }) => name)
  }

  function tick(): void {
    flush()
    prune()
    for (const listener of tickListeners) listener()
  }

  /** Runs a step of pruning, and schedules the next step while there is more to delete. */
  function prune(): void {
    if (pruneTimer !== undefined || !pruner.step(Date.now())) return
    pruneTimer = setTimeout(continuePruning, pruneIntervalMs)
    pruneTimer.unref()
  }

  function continuePruning(): void {
    pruneTimer = undefined
    prune()
  }

  /** Writes counts from memory to the database; with `isForced` also those of traces that are not idle yet. */
  function flush(isForced = false): void {
    db.transaction(() => {
      active.evictIdle(Date.now(), isForced)
      rollups.flush(Date.now())
      for (const [key, count] of droppedCounts) saveDropped.run(...(key.split('\n') as [string, string]), count)
      droppedCounts.clear()
    })()
  }

  function countDropped(what: string, why: string, count: number): void {
    const key = `${what}\n${why}`
    droppedCounts.set(key, (droppedCounts.get(key) ?? 0) + count)
  }

  /** What was rejected or deleted, and why. */
  function dropped(): { what: string; why: string; count: number }[] {
    flush()
    return db.prepare('SELECT * FROM dropped ORDER BY what, why').all() as never
  }

  function close(): void {
    if (isClosed) return
    isClosed = true
    clearInterval(tickTimer)
    clearTimeout(pruneTimer)
    flush(true)
    db.close()
  }
}

export type Store = ReturnType<typeof openStore>

function openDatabase(path: string): Database {
  const db = new Database(path, { create: true })
  const read = (name: string) => (db.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[name] ?? 0
  const { n } = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number }
  if (n > 0 && read('application_id') !== applicationId) {
    db.close()
    throw new Error(`${path} is a database of another program: set VITRINE_CONSOLE_STORE to another file`)
  }
  const userVersion = read('user_version')
  if (userVersion !== 0 && userVersion !== version) {
    db.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
    return openDatabase(path)
  }
  db.run('PRAGMA journal_mode = WAL')
  db.run('PRAGMA synchronous = OFF')
  db.run(schema)
  db.run(`PRAGMA user_version = ${version}`)
  db.run(`PRAGMA application_id = ${applicationId}`)
  return db
}

function countRows(db: Database): RowCounts {
  const count = (table: string) => (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n
  return { spans: count('spans'), logs: count('logs'), points: count('points') }
}
