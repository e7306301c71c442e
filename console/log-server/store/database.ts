import { Database } from 'bun:sqlite'
import { schema } from './schema'

const version = 1
// "VLOG"
const applicationId = 0x564c4f47

/**
 * Opens the SQLite file of a log store, or creates it. `:memory:` is a database without a file.
 * @throws Error for a file of another program or of another version
 */
export function openDatabase(path: string): Database {
  const db = new Database(path, { create: true, safeIntegers: true })
  const read = (name: string) => Number((db.prepare(`PRAGMA ${name}`).get() as Record<string, bigint>)[name] ?? 0)
  const isEmpty = (db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: bigint }).n === 0n
  if (!isEmpty && (read('application_id') !== applicationId || read('user_version') !== version)) {
    db.close()
    throw new Error(`${path} is not a file of this log server: set LOG_SERVER_DATA to another folder`)
  }
  // A column of some hundred kilobytes takes few pages of this size.
  db.run('PRAGMA page_size = 16384')
  db.run('PRAGMA journal_mode = WAL')
  // A commit survives the end of the process. Only a power failure can lose the last commits.
  db.run('PRAGMA synchronous = NORMAL')
  db.run('PRAGMA cache_size = -4096')
  db.run(`PRAGMA journal_size_limit = ${64 * 1024 * 1024}`)
  db.run(schema)
  db.run(`PRAGMA user_version = ${version}`)
  db.run(`PRAGMA application_id = ${applicationId}`)
  return db
}
