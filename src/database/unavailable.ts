const codes = new RegExp(
  '^(POOL_TIMEOUT|ER_(CON_COUNT_ERROR|LOCK_WAIT_TIMEOUT|SERVER_SHUTDOWN|CONNECTION_KILLED)' +
    '|SQLITE_(BUSY|CANTOPEN|IOERR|READONLY_DBMOVED)\\w*)$',
)

/**
 * Whether the database was unreachable, closed the connection, or timed out on a lock or on the pool. Errors of a statement
 * do not count. mysql2 marks connection errors as `fatal`, in a transaction without a code.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  const { fatal, code } = driverError(error)
  return fatal === true || codes.test(String(code))
}

/** The driver's error: Drizzle wraps errors of statements, but not errors of connections. */
export const driverError = (error: unknown): { fatal?: unknown; code?: unknown } =>
  (error as { cause?: object } | undefined)?.cause ?? Object(error)
