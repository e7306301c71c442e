import { type Column, type Placeholder, sql } from 'drizzle-orm'
import type { Database, Transaction } from './database'

/** For a transaction that is on its database's own connection: that database. */
const databases = new WeakMap<Database | Transaction, Database>()

/**
 * A query that is built once for each database: building one takes drizzle as long as the database takes to answer it.
 * Values are filled in when it runs, by the names of their `given()`. In a transaction that is on a connection of its own,
 * as on MySQL, it is built anew.
 */
export function prepared<P>(build: (db: Database) => P): (db: Database | Transaction) => P {
  const built = new WeakMap<Database | Transaction, P>()

  return (db) => {
    const owner = databases.get(db) ?? db
    return built.get(owner) ?? keep(owner, build(owner as Database))
  }

  function keep(db: Database | Transaction, query: P): P {
    built.set(db, query)
    return query
  }
}

/** Says that what was built for `db` runs in `tx` too: both are on one connection. */
export function sharePreparedQueries(tx: Transaction, db: Database): void {
  databases.set(tx, db)
}

/** A value of a prepared query that is compared with a column, and written as that column's are. */
export const placeholder = (name: string, column: Column) => sql.param(sql.placeholder(name), column)

/** Values of a prepared insert, by the names of their columns; none of them may be null. */
export const placeholders = <K extends string>(...names: K[]) =>
  Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as Record<K, Placeholder<K>>
