import type { Database } from 'bun:sqlite'
import type { Resource, ResourceGroup } from '../receive/telemetry-types'

const maxResources = 2000
const maxCached = 1000
const otherResources: Resource = { service: '…', attributes: { 'service.name': '…' } }

/** Stores each distinct resource once. Beyond 2000 resources, all new ones share one row, so that the table is bounded. */
export function createResources(db: Database) {
  const insert = db.prepare('INSERT INTO resources (service, attributes, last_seen_us) VALUES (?, ?, 0)')
  const find = db.prepare('SELECT id FROM resources WHERE attributes = ?')
  const saveLastSeen = db.prepare('UPDATE resources SET last_seen_us = ?1 WHERE service = ?2 AND last_seen_us < ?1')
  let count = (db.prepare('SELECT count(*) AS n FROM resources').get() as { n: number }).n
  const cache = new Map<string, number>()
  return { idOf, recordLastSeen }

  function idOf(resource: Resource): number {
    const text = JSON.stringify(resource.attributes)
    const cached = cache.get(text)
    if (cached !== undefined) return cached
    const found = find.get(text) as { id: number } | null
    if (!found && count >= maxResources && resource !== otherResources) return idOf(otherResources)
    const id = found?.id ?? add(resource.service, text)
    // Each restart of a service can be a new resource.
    if (cache.size >= maxCached) cache.clear()
    cache.set(text, id)
    return id
  }

  function add(service: string, text: string): number {
    count++
    return Number(insert.run(service, text).lastInsertRowid)
  }

  /** Records the newest time of the items as the time at which their service was last seen. */
  function recordLastSeen<T>(groups: ResourceGroup<T>[], timesOf: (item: T) => number[]): void {
    // The clock of a sender can be ahead.
    const nowUs = Date.now() * 1000
    for (const { resource, items } of groups) {
      let lastUs = 0
      for (const item of items) for (const us of timesOf(item)) if (us <= nowUs && us > lastUs) lastUs = us
      saveLastSeen.run(lastUs || nowUs, resource.service)
    }
  }
}

export type Resources = ReturnType<typeof createResources>
