import type { Database } from 'bun:sqlite'

/** An SQL condition on a row, with its parameters. */
export interface SearchCondition {
  sql: string
  parameters: string[]
}

/**
 * Parses a search text. `key=value` matches an attribute, any other word matches in `columns`, and a row must match all terms.
 * Quotes group words: `"out of stock"`, `user.name="Ada L"`.
 */
export function parseSearch(text: string, columns = ['name', 'attributes']): SearchCondition[] {
  const terms = text.match(/(?:[^\s"]|"[^"]*")+/g) ?? []
  return terms.slice(0, maxTerms).map((term) => {
    const [, key, value] = /^([\w.-]+)=(.*)$/.exec(term) ?? []
    return key === undefined ? wordCondition(unquoted(term), columns) : attributeCondition(key, unquoted(value ?? ''))
  })
}

// SQLite limits the depth of expressions.
const maxTerms = 50

// Attributes are stored as JSON without spaces, so a member is found as text.
function attributeCondition(key: string, value: string): SearchCondition {
  const member = `${JSON.stringify(key)}:`
  const values = [JSON.stringify(value), ...jsonForms(value).flatMap((form) => [`${form},`, `${form}}`])]
  const forms = values.map((form) => `${member}${form}`)
  return { sql: `(${forms.map(() => 'instr(attributes, ?)').join(' OR ')})`, parameters: forms }
}

// A price is displayed as 449.90, and JSON has 449.9.
const jsonForms = (value: string) => (/^-?\d+\.\d+$/.test(value) ? [value, String(Number(value))] : [value])

function wordCondition(text: string, columns: string[]): SearchCondition {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  const sql = columns.map((column) => `${column} LIKE ? ESCAPE '\\'`).join(' OR ')
  return { sql: `(${sql})`, parameters: columns.map(() => pattern) }
}

const unquoted = (text: string): string => text.replaceAll('"', '')

/** The ids from `first` to `last` of traces with a span that meets all conditions. */
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
