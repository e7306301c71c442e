import type { Database } from 'bun:sqlite'
import type { Resource } from '../receive/signals'

/** Keeps each resource once. */
export function createResources(db: Database) {
  const insert = db.prepare('INSERT OR IGNORE INTO resources (service, attributes) VALUES (?, ?)')
  const find = db.prepare('SELECT id FROM resources WHERE attributes = ?')
  const known = new Map<string, number>()
  return { idOf }

  function idOf({ service, attributes }: Resource): number {
    const text = JSON.stringify(attributes)
    const id = known.get(text)
    if (id !== undefined) return id
    insert.run(service, text)
    const found = (find.get(text) as { id: number }).id
    // Nobody's restarts may fill the memory.
    if (known.size >= 1000) known.clear()
    known.set(text, found)
    return found
  }
}

export type Resources = ReturnType<typeof createResources>
