/** What a SQL statement does, in few words. Source: semantic conventions 1.44, `db.query.summary`. */
interface StatementSummary {
  /** `SELECT carts` */
  summary: string
  operation: string
  collection: string | undefined
}

const comments = /\/\*[\s\S]*?\*\/|--[^\n]*|#[^\n]*/g
const texts = /'(?:[^'\\]|\\.|'')*'/g
// In MySQL a text, elsewhere a name.
const doubleQuoted = /"(?:[^"\\]|\\.|"")*"/g
const numbers = /(?<![\w.$"`])(?:0x[\da-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w.$"`])/gi
const calls = /\b(?:extract|trim|substring|overlay|position)\s*\([^()]*\)/gi
const name = '[`"]?([a-z_][\\w$]*)[`"]?'
const tables = new RegExp(
  `\\b(?:from|into|update|join|table)\\s+(?:if\\s+(?:not\\s+)?exists\\s+)?${name}(?:\\s*\\.\\s*${name})?`,
  'i',
)

/** SQL with `?` in the place of each value that stands in its text: what came with the statement never left its parameters. */
export function withoutLiterals(sql: string, system: string): string {
  const bare = sql.replace(texts, '?')
  return (system === 'mysql' ? bare.replace(doubleQuoted, '?') : bare).replace(numbers, '?')
}

/** Summarises SQL: its operation and first table. */
export function summarize(sql: string, system: string): StatementSummary {
  const bare = withoutLiterals(sql, system).replace(comments, ' ').replace(calls, '')
  const operation = /^[\s(]*([a-z]+)/i.exec(bare)?.[1]?.toUpperCase() ?? 'SQL'
  const [, first, second] = tables.exec(bare) ?? []
  const collection = second ?? first
  return { operation, collection, summary: collection ? `${operation} ${collection}` : operation }
}
