import { onTestFinished } from 'bun:test'
import type { LogRecord, Span } from '../receive/telemetry-types'
import { openStore, type StoreOptions } from './index'

export const traceIdOf = (n: number) => n.toString(16).padStart(32, '0')
export const spanIdOf = (n: number) => n.toString(16).padStart(16, '0')
const scope = { name: 'test', version: '', attributes: {} }
export const resource = (service: string) => ({ service, attributes: { 'service.name': service } })

export function span(trace: number, id: number, given: Partial<Span> = {}): Span {
  const startUs = Date.now() * 1000 + id * 10
  return {
    traceId: traceIdOf(trace),
    spanId: spanIdOf(id),
    parentId: id === 1 ? '' : spanIdOf(1),
    name: 'work',
    kind: 1,
    startUs,
    durationUs: 1000,
    status: 0,
    statusMessage: '',
    attributes: {},
    events: [],
    links: [],
    scope,
    ...given,
  }
}

export function log(given: Partial<LogRecord> = {}): LogRecord {
  const timeUs = given.timeUs ?? Date.now() * 1000
  return {
    ...{ timeNs: BigInt(timeUs) * 1000n, timeUs, observedNs: 0n, flags: 0 },
    ...{ severity: 9, severityText: 'INFO', eventName: '', body: 'hello' },
    ...{ attributes: {}, traceId: '', spanId: '', scope },
    ...given,
  }
}

export function openTestStore(options?: StoreOptions) {
  const store = openStore({ tickMs: 10, ...options })
  // With the short tick, an open store would take half of a core from the following tests.
  onTestFinished(store.close)
  const spans = (service: string, ...items: Span[]) => store.sink.spans([{ resource: resource(service), items }])
  const logs = (service: string, ...items: LogRecord[]) => store.sink.logs([{ resource: resource(service), items }])
  const rows = (sql: string) => store.db.query(sql).all() as Record<string, never>[]
  return { store, spans, logs, rows }
}

export const gauge = (name: string, timeUs: number) => ({
  ...{ name, description: '', unit: '', kind: 'gauge' as const, temporality: 'none' as const },
  points: [{ attributes: {}, startUs: 0, timeUs, value: 1 }],
})

/** Returns when no more rows are deleted. */
export async function waitUntilPruned(store: ReturnType<typeof openStore>): Promise<void> {
  store.flush()
  const sum = () => store.dropped().reduce((total, { count }) => total + count, 0)
  for (let before = -1; before !== sum() || before === 0; ) {
    before = sum()
    await Bun.sleep(300)
  }
}
