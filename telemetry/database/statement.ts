/** Operation and table of a SQL statement. Source: semantic conventions 1.44, `db.query.summary`. */
interface StatementSummary {
  /** `SELECT carts` */
  summary: string
  operation: string
  collection: string | undefined
}

const comments = /\/\*[\s\S]*?\*\/|--[^\n]*|#[^\n]*/g
const strings = /'(?:[^'\\]|\\.|'')*'/g
// A string in MySQL, a name elsewhere.
const doubleQuoted = /"(?:[^"\\]|\\.|"")*"/g
const numbers = /(?<![\w.$"`])(?:0x[\da-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w.$"`])/gi
const calls = /\b(?:extract|trim|substring|overlay|position)\s*\([^()]*\)/gi
const name = '[`"]?([a-z_][\\w$]*)[`"]?'
const tables = new RegExp(
  `\\b(?:from|into|update|join|table)\\s+(?:if\\s+(?:not\\s+)?exists\\s+)?${name}(?:\\s*\\.\\s*${name})?`,
  'i',
)

/** Replaces the literals in SQL with `?`. Values passed as parameters are not part of the text. */
export function withoutLiterals(sql: string, system: string): string {
  const stripped = sql.replace(strings, '?')
  return (system === 'mysql' ? stripped.replace(doubleQuoted, '?') : stripped).replace(numbers, '?')
}

/** The operation and the first table of a SQL statement. */
export function summarize(sql: string, system: string): StatementSummary {
  const stripped = withoutLiterals(sql, system).replace(comments, ' ').replace(calls, '')
  const operation = /^[\s(]*([a-z]+)/i.exec(stripped)?.[1]?.toUpperCase() ?? 'SQL'
  const [, first, second] = tables.exec(stripped) ?? []
  const collection = second ?? first
  return { operation, collection, summary: collection ? `${operation} ${collection}` : operation }
}
