import type { Database } from 'bun:sqlite'
import { keyOf, type Labels, noLabels } from '../../logql/labels'
import type { Matcher } from '../../logql/query'
import { matchesAll } from '../../logql/source'
import { maxStreams } from '../limits'

/** The streams of a store: each set of index labels has an id. All are in memory. */
export function createStreams(db: Database) {
  const insert = db.prepare('INSERT INTO streams (labels) VALUES (?) RETURNING id')
  const byKey = new Map<string, number>()
  const byLabels = new WeakMap<Labels, number>()
  const byId = new Map<number, Labels>()
  const stored = db.prepare('SELECT id, labels FROM streams').all() as { id: bigint; labels: string }[]
  for (const { id, labels } of stored) add(Number(id), labels)
  return { idOf, labelsOf: (id: number) => byId.get(id) ?? noLabels(), matching }

  /** The id of a stream; stores a stream that is new. `undefined` for a new one beyond the limit. */
  function idOf(labels: Labels): number | undefined {
    const cached = byLabels.get(labels)
    if (cached !== undefined) return cached
    const key = keyOf(labels)
    const existing = byKey.get(key)
    if (existing === undefined && byKey.size >= maxStreams) return undefined
    const id = existing ?? Number((insert.get(key) as { id: bigint }).id)
    if (existing === undefined) add(id, key)
    byLabels.set(labels, id)
    return id
  }

  function add(id: number, key: string): void {
    byKey.set(key, id)
    byId.set(id, Object.assign(noLabels(), Object.fromEntries(JSON.parse(key) as [string, string][])))
  }

  /** Ids of the streams that meet all matchers. */
  function matching(matchers: Matcher[]): number[] {
    return [...byId].filter(([, labels]) => matchesAll(matchers, labels)).map(([id]) => id)
  }
}
