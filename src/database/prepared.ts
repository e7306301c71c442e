import { type Column, type Placeholder, sql } from 'drizzle-orm'
import type { Database, Transaction } from './transaction'

/** The database of each transaction that uses the database's own connection. */
const databases = new WeakMap<Database | Transaction, Database>()

/**
 * A query that is built once per database: building it takes Drizzle as long as the database takes to run it. `execute()`
 * takes the values by the names of their placeholders. In a MySQL transaction, which has its own connection, the query is
 * built again.
 */
export function prepared<P>(build: (db: Database) => P): (db: Database | Transaction) => P {
  const built = new WeakMap<Database | Transaction, P>()

  return (db) => {
    const owner = databases.get(db) ?? db
    return built.get(owner) ?? store(owner, build(owner as Database))
  }

  function store(db: Database | Transaction, query: P): P {
    built.set(db, query)
    return query
  }
}

/** Lets `tx` run the queries that were prepared for `db`. Both must use the same connection. */
export function sharePreparedQueries(tx: Transaction, db: Database): void {
  databases.set(tx, db)
}

/** A placeholder for a value that is encoded like the values of `column`. */
export const placeholder = (name: string, column: Column) => sql.param(sql.placeholder(name), column)

/** Placeholders for an insert, named after their columns. None of the values may be null. */
export const placeholders = <K extends string>(...names: K[]) =>
  Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as Record<K, Placeholder<K>>
