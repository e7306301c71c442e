/** What a SQL statement does, in few words. Source: semantic conventions 1.44, `db.query.summary`. */
export interface StatementSummary {
  /** `SELECT carts` */
  summary: string
  operation: string
  collection: string | undefined
}

const tables = /\b(?:from|into|update|join|table)\s+(?:if\s+(?:not\s+)?exists\s+)?[`"]?([a-z_][\w$]*)[`"]?/i

/** Summarises parameterised SQL: its operation and first table. */
export function summarize(sql: string): StatementSummary {
  const operation = /^\s*([a-z]+)/i.exec(sql)?.[1]?.toUpperCase() ?? 'SQL'
  const collection = tables.exec(sql)?.[1]
  return { operation, collection, summary: collection ? `${operation} ${collection}` : operation }
}
