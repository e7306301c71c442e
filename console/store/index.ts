import { Database } from 'bun:sqlite'
import { rmSync } from 'node:fs'
import type { Signal, Sink } from '../receive/routes'
import { createActiveTraces } from './active-traces'
import { createErrorGroups } from './error-groups'
import { createLastSeen } from './last-seen'
import { createLogWriter } from './logs'
import { createMetricWriter } from './metrics'
import { createPruner, type RowCounts, type StoreLimits } from './prune'
import { createResources } from './resources'
import { createRollups } from './rollups'
import { schema } from './schema'
import { createSpanWriter } from './spans'

export interface StoreOptions {
  /** A file, or `:memory:`. */
  path?: string
  limits?: Partial<StoreLimits>
  /** Names of the events that pages mark on their time axes. */
  annotationEvents?: string[]
  /** How often it counts and drops. */
  tickMs?: number
}

const version = 3
// "VITR": that a file is ours to drop tables in.
const applicationId = 0x56495452
const day = 24 * 60 * 60 * 1000
const megabyte = 1024 * 1024
const inMemory: StoreLimits = { spans: 200_000, logs: 200_000, points: 1_000_000, bytes: 128 * megabyte, ageMs: day }
const inFile: StoreLimits = {
  spans: 2_000_000,
  logs: 2_000_000,
  points: 5_000_000,
  bytes: 4096 * megabyte,
  ageMs: 7 * day,
}

/** What is sent on to somebody else, if anything is. */
export interface ForwarderState {
  url: string
  sent: number
  dropped: number
  /** Why the last attempt failed; nothing when it did not. */
  lastError: string | undefined
}

/** What was received lately, bounded in rows, bytes and age. */
export function openStore({
  path = ':memory:',
  limits: given,
  annotationEvents = [],
  tickMs = 1000,
}: StoreOptions = {}) {
  const isFile = path !== ':memory:'
  const limits = { ...(isFile ? inFile : inMemory), ...given }
  const db = open(path)
  const counts = countAll(db)
  const drops = new Map<string, number>()
  const measures = createRollups(db)
  const active = createActiveTraces(db, measures)
  const resources = createResources(db)
  const faults = createErrorGroups(db)
  const hear = createLastSeen(db)
  const parts = { db, resources, active, measures, faults, marks: annotationEvents }
  const writeSpans = createSpanWriter(parts)
  const writeLogs = createLogWriter(parts)
  const writeMetrics = createMetricWriter(db, resources, drop)
  const prune = createPruner(db, counts, limits, drop, active.forget)
  const saveDrops = db.prepare(
    'INSERT INTO dropped VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
  )
  const problems: Partial<Record<Signal, { message: string; atMs: number }>> = {}
  const ticks: (() => void)[] = []
  const received = { traces: 0, logs: 0, metrics: 0, alerts: 0 }
  const sink: Sink = {
    spans(groups) {
      take('traces', 'spans', () => writeSpans(groups, Date.now()))
      hear(groups, ({ startUs, durationUs }) => [startUs + durationUs])
    },
    logs(groups) {
      take('logs', 'logs', () => writeLogs(groups, Date.now()))
      hear(groups, ({ timeUs }) => [timeUs])
    },
    metrics(groups) {
      take('metrics', 'points', () => writeMetrics(groups))
      hear(groups, ({ points }) => points.map(({ timeUs }) => timeUs))
    },
    rejected(signal, count, message) {
      problems[signal] = { message, atMs: Date.now() }
      drop(signal, 'refused', count || 1)
    },
  }
  let next: ReturnType<typeof setTimeout> | undefined
  let isClosed = false
  const tick = setInterval(work, tickMs)
  tick.unref()
  return {
    /** Set by who sends on. */
    forwarding: undefined as ForwarderState | undefined,
    /** Is called once a second from then on. */
    onTick: (work: () => void) => void ticks.push(work),
    /** Alerts are kept elsewhere, but pages that show them are to know that there are more. */
    countAlerts(count: number): void {
      received.alerts += count
    },
    db,
    sink,
    counts,
    limits,
    problems,
    newest,
    services,
    routes,
    settle,
    bytes: prune.bytes,
    dropped,
    close,
  }

  function take(signal: Signal, rows: keyof RowCounts, write: () => number): void {
    const added = db.transaction(write)()
    received[signal] += added
    counts[rows] += added
    // What comes fast must not pile up until the next tick.
    if (counts[rows] > limits[rows] * slack) pruneOn()
  }

  /** Numbers that grow with what comes in: how open pages know that there is more. */
  function newest() {
    const { traces: spans, logs, metrics, alerts } = received
    return { traces: active.opened(), spans, logs, metrics, alerts }
  }

  /** The programs that have sent something. */
  function services(): string[] {
    const rows = db.query('SELECT DISTINCT service FROM resources ORDER BY service').all() as { service: string }[]
    return rows.map(({ service }) => service)
  }

  /** What servers have answered: all of them, or one. */
  function routes(service?: string): string[] {
    const rows = db
      .query("SELECT DISTINCT name FROM subjects WHERE what = 'route' AND (?1 IS NULL OR service = ?1) ORDER BY name")
      .all(service ?? null) as { name: string }[]
    return rows.map(({ name }) => name)
  }

  function work(): void {
    settle()
    pruneOn()
    for (const one of ticks) one()
  }

  function pruneOn(): void {
    if (next !== undefined || !prune.step(Date.now())) return
    next = setTimeout(goOn, stepPauseMs)
    next.unref()
  }

  function goOn(): void {
    next = undefined
    pruneOn()
  }

  /** Writes what is being counted; `force` also what waits for more of its trace. */
  function settle(force = false): void {
    db.transaction(() => {
      active.settle(Date.now(), force)
      measures.flush(Date.now())
      for (const [key, count] of drops) saveDrops.run(...(key.split('\n') as [string, string]), count)
      drops.clear()
    })()
  }

  function drop(what: string, why: string, count: number): void {
    const key = `${what}\n${why}`
    drops.set(key, (drops.get(key) ?? 0) + count)
  }

  /** What is not here any more, or never was, and why. */
  function dropped(): { what: string; why: string; count: number }[] {
    settle()
    return db.prepare('SELECT * FROM dropped ORDER BY what, why').all() as never
  }

  function close(): void {
    if (isClosed) return
    isClosed = true
    clearInterval(tick)
    clearTimeout(next)
    settle(true)
    db.close()
  }
}

export type Store = ReturnType<typeof openStore>

const stepPauseMs = 5
const slack = 1.02

function open(path: string): Database {
  const db = new Database(path, { create: true })
  const read = (name: string) => (db.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[name] ?? 0
  const { n } = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number }
  if (n > 0 && read('application_id') !== applicationId) {
    db.close()
    throw new Error(`${path} is a database of something else: give VITRINE_CONSOLE_STORE a file of its own`)
  }
  const user_version = read('user_version')
  if (user_version !== 0 && user_version !== version) {
    db.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
    return open(path)
  }
  db.run('PRAGMA journal_mode = WAL')
  db.run('PRAGMA synchronous = OFF')
  db.run(schema)
  db.run(`PRAGMA user_version = ${version}`)
  db.run(`PRAGMA application_id = ${applicationId}`)
  return db
}

function countAll(db: Database): RowCounts {
  const count = (table: string) => (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n
  return { spans: count('spans'), logs: count('logs'), points: count('points') }
}
