import { Database } from 'bun:sqlite'
import { rmSync } from 'node:fs'
import type { Signal, Sink } from '../receive/routes'
import { createActiveTraces } from './active'
import { createFaults } from './faults'
import { logWriter } from './logs'
import { createMeasures } from './measures'
import { metricWriter } from './metrics'
import { type Counts, pruner, type StoreLimits } from './prune'
import { createResources } from './resources'
import { schema } from './schema'
import { spanWriter } from './spans'

export interface StoreOptions {
  /** A file, or `:memory:`. */
  path?: string
  limits?: Partial<StoreLimits>
  /** How often it counts and drops. */
  tickMs?: number
}

const version = 1
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

/** What was received lately, bounded in rows, bytes and age. */
export function openStore({ path = ':memory:', limits: given, tickMs = 1000 }: StoreOptions = {}) {
  const isFile = path !== ':memory:'
  const limits = { ...(isFile ? inFile : inMemory), ...given }
  const db = open(path)
  const counts = countAll(db)
  const drops = new Map<string, number>()
  const measures = createMeasures(db)
  const active = createActiveTraces(db, measures)
  const resources = createResources(db)
  const faults = createFaults(db)
  const parts = { db, resources, active, measures, faults }
  const writeSpans = spanWriter(parts)
  const writeLogs = logWriter(parts)
  const writeMetrics = metricWriter(db, resources, drop)
  const prune = pruner(db, counts, limits, drop)
  const saveDrops = db.prepare(
    'INSERT INTO dropped VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
  )
  const problems: Partial<Record<Signal, { message: string; atMs: number }>> = {}
  const received = { traces: 0, logs: 0, metrics: 0 }
  const sink: Sink = {
    spans: (groups) => take('traces', 'spans', () => writeSpans(groups, Date.now())),
    logs: (groups) => take('logs', 'logs', () => writeLogs(groups, Date.now())),
    metrics: (groups) => take('metrics', 'points', () => writeMetrics(groups)),
    refused(signal, count, message) {
      problems[signal] = { message, atMs: Date.now() }
      drop(signal, 'refused', count || 1)
    },
  }
  const newestTrace = db.prepare('SELECT max(id) AS id FROM traces')
  let next: ReturnType<typeof setTimeout> | undefined
  const tick = setInterval(work, tickMs)
  tick.unref()
  return { db, sink, counts, limits, problems, newest, services, routes, settle, bytes: prune.bytes, dropped, close }

  function take(signal: Signal, rows: keyof Counts, write: () => number): void {
    const added = db.transaction(write)()
    received[signal] += added
    counts[rows] += added
    // What comes fast must not pile up until the next tick.
    if (counts[rows] > limits[rows] * slack) pruneOn()
  }

  /** Numbers that grow with what comes in: how open pages know that there is more. */
  function newest() {
    const { id } = newestTrace.get() as { id: number | null }
    return { traces: id ?? 0, logs: received.logs, metrics: received.metrics }
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
  db.run('PRAGMA journal_mode = WAL')
  db.run('PRAGMA synchronous = OFF')
  const { user_version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  if (user_version !== 0 && user_version !== version) {
    db.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
    return open(path)
  }
  db.run(schema)
  db.run(`PRAGMA user_version = ${version}`)
  return db
}

function countAll(db: Database): Counts {
  const count = (table: string) => (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n
  return { spans: count('spans'), logs: count('logs'), points: count('points') }
}
