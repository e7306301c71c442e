import type { Database } from 'bun:sqlite'
import type { ResourceGroup } from '../receive/telemetry-types'

/** Notes when each program last said anything, by the time of what it said: to the moment, as silence is counted from there. */
export function createLastSeen(db: Database) {
  const save = db.prepare('UPDATE resources SET heard_us = ?1 WHERE service = ?2 AND heard_us < ?1')

  return function note<T>(groups: ResourceGroup<T>[], timesOf: (item: T) => number[]): void {
    // A clock that is ahead speaks no later than now.
    const nowUs = Date.now() * 1000
    for (const { resource, items } of groups) {
      let lastUs = 0
      for (const item of items) for (const us of timesOf(item)) if (us <= nowUs && us > lastUs) lastUs = us
      save.run(lastUs || nowUs, resource.service)
    }
  }
}
