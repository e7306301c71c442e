import type { Database } from 'bun:sqlite'
import type { Resource } from '../receive/telemetry-types'

const mostResources = 2000
const mostKnown = 1000
const others: Resource = { service: '…', attributes: { 'service.name': '…' } }

/** Keeps each resource once; of what comes beyond two thousand one for all, so that nothing that is sent can fill the store. */
export function createResources(db: Database) {
  const insert = db.prepare('INSERT INTO resources (service, attributes, heard_us) VALUES (?, ?, 0)')
  const find = db.prepare('SELECT id FROM resources WHERE attributes = ?')
  let count = (db.prepare('SELECT count(*) AS n FROM resources').get() as { n: number }).n
  const known = new Map<string, number>()
  return { idOf }

  function idOf(resource: Resource): number {
    const text = JSON.stringify(resource.attributes)
    const before = known.get(text)
    if (before !== undefined) return before
    const found = find.get(text) as { id: number } | null
    if (!found && count >= mostResources && resource !== others) return idOf(others)
    const id = found?.id ?? add(resource.service, text)
    // Nobody's restarts may fill the memory.
    if (known.size >= mostKnown) known.clear()
    known.set(text, id)
    return id
  }

  function add(service: string, text: string): number {
    count++
    return Number(insert.run(service, text).lastInsertRowid)
  }
}

export type Resources = ReturnType<typeof createResources>
