import { type Column, sql } from 'drizzle-orm'
import type { Database, Transaction } from './client'

/**
 * A query that is built once for each database: building one takes drizzle as long as the database takes to answer it.
 * Values are filled in when it runs, by the names of their `given()`. In a transaction it is built anew: that is another
 * connection.
 */
export function prepared<P>(build: (db: Database) => P): (db: Database | Transaction) => P {
  const built = new WeakMap<Database | Transaction, P>()

  return (db) => built.get(db) ?? keep(db, build(db as Database))

  function keep(db: Database | Transaction, query: P): P {
    built.set(db, query)
    return query
  }
}

/** A value of a prepared query that is compared with a column, and written as that column's are. */
export const given = (name: string, column: Column) => sql.param(sql.placeholder(name), column)
