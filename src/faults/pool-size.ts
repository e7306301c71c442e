/** What is changed of a mysql2 promise pool; it offers nothing of the kind itself. */
export interface ResizablePool {
  pool: {
    config: { connectionLimit: number }
    _allConnections: { length: number }
    _connectionQueue: { length: number }
  }
  getConnection(): Promise<{ release(): void; destroy(): void }>
}

/** Gives a running pool another size; 0 is its usual one. What is in use is taken away when it comes back. */
export function poolResizer(given: unknown): (size: number) => Promise<void> {
  const pool = given as ResizablePool
  const { config, _allConnections: all, _connectionQueue: waiting } = pool.pool
  const usual = config.connectionLimit

  return async function resize(size): Promise<void> {
    config.connectionLimit = size || usual
    // Whoever waits would go on to wait for a connection that somebody else has.
    const toOpen = Math.min(waiting.length, config.connectionLimit - all.length)
    for (let n = 0; n < toOpen; n++) void pool.getConnection().then((connection) => connection.release(), ignore)
    while (all.length > config.connectionLimit) (await pool.getConnection()).destroy()
  }
}

const ignore = () => {}
