import { type DatabaseServer, durability, owner, type ServerOptions, startDatabaseServer } from './database-server'
import { findProgram } from './requirements'

/** Starts a MariaDB in a temporary folder, on a free port. `stop()` ends it and deletes the folder. */
export async function startMariaDb(options: ServerOptions = {}): Promise<DatabaseServer> {
  const program = findProgram('mariadb')
  if (!program) throw new Error('mariadbd is not installed')
  const common = (data: string) => ['--no-defaults', `--datadir=${data}`, ...owner]
  const kind = {
    name: 'MariaDB',
    initialize: (data: string) => [
      'mariadb-install-db',
      ...common(data),
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ],
    command: (data: string) => [program, ...common(data), ...durability(options), '--sync-frm=0'],
  }
  return startDatabaseServer(kind, options)
}
