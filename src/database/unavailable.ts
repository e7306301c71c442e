const codes = new RegExp(
  '^(POOL_TIMEOUT|ER_(CON_COUNT_ERROR|LOCK_WAIT_TIMEOUT|SERVER_SHUTDOWN|CONNECTION_KILLED)' +
    '|SQLITE_(BUSY|CANTOPEN|IOERR|READONLY_DBMOVED)\\w*)$',
)

/**
 * Whether an error says that the database could not be reached, left in the middle, or kept who asks waiting for others;
 * nothing else that it has said of a statement. mysql2 calls what ended a connection, or kept it from coming, `fatal`, and
 * gives it no code in a transaction.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  const { fatal, code } = driversError(error)
  return fatal === true || codes.test(String(code))
}

// drizzle puts its own around that of a statement, not around that of a connection.
const driversError = (error: unknown): { fatal?: unknown; code?: unknown } =>
  (error as { cause?: object } | undefined)?.cause ?? Object(error)
