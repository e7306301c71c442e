/** The internals of mysql2's promise pool that a resize changes. */
export interface ResizablePool {
  pool: {
    config: { connectionLimit: number }
    _allConnections: { length: number }
    _connectionQueue: { length: number }
  }
  getConnection(): Promise<{ release(): void; destroy(): void }>
}

/** Returns a function that resizes a running pool; 0 restores its size. Busy connections are closed when they are released. */
export function poolResizer(mysqlPool: unknown): (size: number) => Promise<void> {
  const pool = mysqlPool as ResizablePool
  const { config, _allConnections: connections, _connectionQueue: pending } = pool.pool
  const defaultSize = config.connectionLimit

  return async function resize(size): Promise<void> {
    config.connectionLimit = size || defaultSize
    // mysql2 opens a connection only for a new call. Without these, calls already in the queue would wait for a release.
    const toOpen = Math.min(pending.length, config.connectionLimit - connections.length)
    for (let n = 0; n < toOpen; n++) void pool.getConnection().then((connection) => connection.release(), ignore)
    while (connections.length > config.connectionLimit) (await pool.getConnection()).destroy()
  }
}

const ignore = () => {}
