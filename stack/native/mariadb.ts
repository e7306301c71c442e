import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { createConnection } from 'mysql2/promise'
import type { Program } from '../../launch/program'
import { endWithLauncher } from '../../launch/program'
import type { StackEndpoints } from '../endpoints'

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
export function findMariaDb(): string | undefined {
  return [Bun.which('mariadbd'), '/usr/sbin/mariadbd'].find((path) => path && existsSync(path)) ?? undefined
}

/** Three databases, separately killable; none where this machine has no MariaDB. */
export function databasePrograms({ databasePorts }: StackEndpoints, state: string): Program[] {
  const program = findMariaDb()
  if (!program) process.stdout.write('no mariadbd here (apt install mariadb-server): the shop keeps SQLite files\n')
  return Object.entries(databasePorts).flatMap(([service, port]) =>
    program ? [plannedMariaDb(program, service, port, state)] : [],
  )
}

/** Makes the folders of databases that have none, each whole or not at all. @throws Error that names the folder */
export async function createDatabases(databases: Program[], state: string): Promise<void> {
  const unfinished = readdirSync(state).filter((name) => /^mysql-\w+\.\d+$/.test(name))
  for (const name of unfinished) rmSync(`${state}/${name}`, { recursive: true })
  for (const { name } of databases) {
    if (existsSync(`${state}/${name}/mysql`)) continue
    const empty = await emptyServer(state)
    await whole(`${state}/${name}`, async (path) => cpSync(empty, path, { recursive: true }))
  }
}

/** A MariaDB of its own for one service, with a database of the service's name. */
function plannedMariaDb(program: string, name: string, port: number, state: string): Program {
  const dir = `${state}/mysql-${name}`
  const url = `mysql://root@127.0.0.1:${port}/${name}`
  return {
    name: `mysql-${name}`,
    url,
    ports: [port],
    command: endWithLauncher([
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
  if (!existsSync(`${dir}/mysql`)) await whole(dir, (path) => install(state, basename(path)))
  return dir
}

// Debian's script takes a path apart at spaces: it gets one without, from where it runs.
async function install(state: string, name: string): Promise<void> {
  const command = [
    'mariadb-install-db',
    '--no-defaults',
    ...owner,
    `--datadir=./${name}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ]
  const made = Bun.spawn(command, { cwd: state, stdout: 'ignore', stderr: 'pipe', detached: true })
  // A script and a server below it, which would write on after a Ctrl-C: all of the group, not one.
  const end = () => process.kill(-made.pid, 'SIGKILL')
  for (const signal of stops) process.on(signal, end)
  const exitCode = await made.exited
  for (const signal of stops) process.off(signal, end)
  if (exitCode !== 0) throw new Error(`mariadb-install-db: ${await new Response(made.stderr).text()}`)
}

const stops = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A folder that is there when all of it is: one that was interrupted is not taken for it. */
async function whole(path: string, make: (path: string) => Promise<void>): Promise<void> {
  const unfinished = `${path}.${process.pid}`
  try {
    await make(unfinished)
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    throw new Error(`the folder of a database could not be made: ${path} (${(error as Error).message})`)
  }
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
