import * as mysql from 'drizzle-orm/mysql-core'
import * as sqlite from 'drizzle-orm/sqlite-core'

/**
 * One schema for two dialects: the column builders below are MySQL's or SQLite's, depending on `DATABASE_URL`, and have
 * MySQL's types. The variable is read here and not in index.ts because tables are created when their module loads.
 */
export const dialect = process.env.DATABASE_URL?.startsWith('mysql:') ? 'mysql' : 'sqlite'

// Binary collations: `=` compares bytes in both dialects. Routes fold the case of their input.
const mysqlColumns = {
  table: mysql.mysqlTable,
  /** A UUID as text. */
  id: () => asciiId(),
  /** Text of up to `length` characters that can be indexed. */
  string: (length: number) => collated(`varchar(${length}) character set utf8mb4 collate utf8mb4_bin`)(),
  /** Text of up to 64 KB. MariaDB's default character set has no emoji. */
  text: () => collated('text character set utf8mb4 collate utf8mb4_bin')(),
  int: () => mysql.int(),
  /** Money in cents. An INT would overflow at 21 million euros. */
  cents: () => mysql.bigint({ mode: 'number' }),
  /** A time in milliseconds since 1970 that statements calculate with. */
  epochMs: () => mysql.bigint({ mode: 'number' }),
  bool: () => mysql.boolean(),
  json: <T>() => mysqlJson<T>(),
  /** UTC, to the millisecond. */
  timestamp: () => mysql.datetime({ mode: 'date', fsp: 3 }),
  index: mysql.index,
  uniqueIndex: mysql.uniqueIndex,
  primaryKey: mysql.primaryKey,
}

const sqliteColumns = {
  table: sqlite.sqliteTable,
  id: () => sqlite.text(),
  string: (_length: number) => sqlite.text(),
  text: () => sqlite.text(),
  int: () => sqlite.integer(),
  cents: () => sqlite.integer(),
  epochMs: () => sqlite.integer(),
  bool: () => sqlite.integer({ mode: 'boolean' }),
  json: <T>() => sqlite.text({ mode: 'json' }).$type<T>(),
  timestamp: () => sqlite.integer({ mode: 'timestamp_ms' }),
  index: sqlite.index,
  uniqueIndex: sqlite.uniqueIndex,
  primaryKey: sqlite.primaryKey,
}

export const { table, id, string, text, int, cents, epochMs, bool, json, timestamp, index, uniqueIndex, primaryKey } =
  dialect === 'mysql' ? mysqlColumns : (sqliteColumns as unknown as typeof mysqlColumns)

// MySQL refuses to compare an ASCII column with other characters. With question marks instead, the value matches no id.
const asciiId = mysql.customType<{ data: string; driverData: string }>({
  dataType: () => 'varchar(36) character set ascii collate ascii_bin',
  toDriver: (value) => value.replace(/[^\0-\x7f]/g, '?'),
})

function collated(dataType: string) {
  return mysql.customType<{ data: string; driverData: string }>({ dataType: () => dataType })
}

// MySQL returns JSON parsed, MariaDB as text.
function mysqlJson<T>() {
  return mysql.customType<{ data: T; driverData: string }>({
    dataType: () => 'json',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (value) => (typeof value === 'string' ? JSON.parse(value) : value),
  })()
}
