import { type DatabaseServer, durability, owner, type ServerOptions, startDatabaseServer } from './database-server'
import { findProgram } from './requirements'

/** Starts a MySQL in a temporary folder, on a free port. `stop()` ends it and deletes the folder. */
export async function startMySql(options: ServerOptions = {}): Promise<DatabaseServer> {
  const program = findProgram('mysql')
  if (!program) throw new Error('MySQL is not installed')
  const common = (data: string) => [program, '--no-defaults', `--datadir=${data}`, '--secure-file-priv=NULL', ...owner]
  const small = ['--performance-schema=OFF', '--mysqlx=OFF', '--innodb-redo-log-capacity=16M']
  const kind = {
    name: 'MySQL',
    initialize: (data: string) => [...common(data), '--initialize-insecure'],
    command: (data: string) => [...common(data), ...durability(options), ...small],
  }
  return startDatabaseServer(kind, options)
}
