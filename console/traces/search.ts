import type { Database } from 'bun:sqlite'

/** A condition on a span's row, with what it is asked for. */
export interface SearchCondition {
  sql: string
  parameters: string[]
}

/**
 * What people type to find spans: `key=value` is an attribute, other words are looked for in names and attributes, all of
 * them in the same span. Quotes keep words together: `"out of stock"`, `user.name="Ada L"`. Other rows with attributes say
 * in which columns words are.
 */
export function parseSearch(text: string, columns = ['name', 'attributes']): SearchCondition[] {
  const terms = text.match(/(?:[^\s"]|"[^"]*")+/g) ?? []
  return terms.slice(0, mostTerms).map((term) => {
    const [, key, value] = /^([\w.-]+)=(.*)$/.exec(term) ?? []
    return key === undefined ? word(unquoted(term), columns) : attribute(key, unquoted(value ?? ''))
  })
}

// SQLite refuses expressions that are thousands deep.
const mostTerms = 50

// Attributes lie in the row as JSON without spaces: a member is found as the text that it is.
function attribute(key: string, value: string): SearchCondition {
  const member = `${JSON.stringify(key)}:`
  const forms = [`${member}${JSON.stringify(value)}`, `${member}${value},`, `${member}${value}}`]
  return { sql: `(${forms.map(() => 'instr(attributes, ?)').join(' OR ')})`, parameters: forms }
}

function word(text: string, columns: string[]): SearchCondition {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  const sql = columns.map((column) => `${column} LIKE ? ESCAPE '\\'`).join(' OR ')
  return { sql: `(${sql})`, parameters: columns.map(() => pattern) }
}

const unquoted = (text: string): string => text.replaceAll('"', '')

/** Those of the traces from `first` to `last` that have a span which meets all conditions. */
export function findMatchingTraces(
  db: Database,
  conditions: SearchCondition[],
  first: number,
  last: number,
): Set<number> {
  const where = conditions.map(({ sql }) => sql).join(' AND ')
  const rows = db
    .query(`SELECT DISTINCT trace FROM spans WHERE trace BETWEEN ? AND ? AND ${where}`)
    .all(first, last, ...conditions.flatMap(({ parameters }) => parameters)) as { trace: number }[]
  return new Set(rows.map(({ trace }) => trace))
}
