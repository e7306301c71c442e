import { cpSync, existsSync } from 'node:fs'
import { createConnection } from 'mysql2/promise'
import type { Planned } from '../../src/launch/planned'
import type { StackPlaces } from '../places'
import { leashed } from './leashed'

const owner = process.getuid?.() === 0 ? ['--user=root'] : []
// Three servers for one small shop each.
const frugal = [
  '--skip-log-bin',
  '--performance-schema=OFF',
  '--innodb-buffer-pool-size=24M',
  '--innodb-log-buffer-size=2M',
  '--innodb-log-file-size=16M',
  '--aria-pagecache-buffer-size=1M',
  '--key-buffer-size=1M',
  '--table-open-cache=100',
  '--max-connections=80',
]

/** Path of MariaDB's server on this machine, or nothing. */
export function mariaDb(): string | undefined {
  return [Bun.which('mariadbd'), '/usr/sbin/mariadbd'].find((path) => path && existsSync(path)) ?? undefined
}

/** Three databases, separately killable; none where this machine has no MariaDB. */
export async function plannedDatabases({ databasePorts }: StackPlaces, state: string): Promise<Planned[]> {
  const program = mariaDb()
  if (!program) process.stdout.write('no mariadbd here (apt install mariadb-server): the shop keeps SQLite files\n')
  const planned: Planned[] = []
  for (const [service, port] of Object.entries(databasePorts))
    if (program) planned.push(await plannedMariaDb(program, service, port, state))
  return planned
}

/** A MariaDB of its own for one service, with an empty database of the service's name; its files are made if need be. */
async function plannedMariaDb(program: string, name: string, port: number, state: string): Promise<Planned> {
  const dir = `${state}/mysql-${name}`
  if (!existsSync(`${dir}/mysql`)) cpSync(await emptyServer(state), dir, { recursive: true })
  const url = `mysql://root@127.0.0.1:${port}/${name}`
  return {
    name: `mysql-${name}`,
    url,
    command: leashed([
      program,
      '--no-defaults',
      ...owner,
      `--datadir=${dir}`,
      // A socket's path may have 107 characters at most: none is needed.
      '--socket=',
      `--pid-file=${dir}/server.pid`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      ...frugal,
    ]),
    env: {},
    logFile: `${state}/logs/mysql-${name}.log`,
    stopsLast: true,
    isReady: () => hasDatabase(port, name),
  }
}

// Made once and copied: it takes seconds.
async function emptyServer(state: string): Promise<string> {
  const dir = `${state}/mysql-empty`
  if (existsSync(`${dir}/mysql`)) return dir
  const command = [
    'mariadb-install-db',
    '--no-defaults',
    ...owner,
    `--datadir=${dir}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ]
  const made = Bun.spawn(command, { stdout: 'ignore', stderr: 'pipe' })
  if ((await made.exited) !== 0) throw new Error(`mariadb-install-db: ${await new Response(made.stderr).text()}`)
  return dir
}

async function hasDatabase(port: number, name: string): Promise<boolean> {
  const connection = await createConnection({ host: '127.0.0.1', port, user: 'root', connectTimeout: 1000 }).catch(
    () => undefined,
  )
  if (!connection) return false
  try {
    await connection.query(`CREATE DATABASE IF NOT EXISTS \`${name}\``)
    return true
  } finally {
    await connection.end()
  }
}
