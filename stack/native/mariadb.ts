import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { createConnection } from 'mysql2/promise'
import type { Program } from '../../launch/program'
import { endWithLauncher } from '../../launch/program'
import type { StackEndpoints } from '../endpoints'

const owner = process.getuid?.() === 0 ? ['--user=root'] : []
// Three servers run on a developer’s machine, each for one small database.
const lowMemoryOptions = [
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

/** The path of `mariadbd` on this machine, or `undefined`. */
export function findMariaDb(): string | undefined {
  return [Bun.which('mariadbd'), '/usr/sbin/mariadbd'].find((path) => path && existsSync(path)) ?? undefined
}

/** One database server per service, so that each can be stopped alone; none when MariaDB is not installed. */
export function databasePrograms({ databasePorts }: StackEndpoints, state: string): Program[] {
  const program = findMariaDb()
  if (!program)
    process.stdout.write('mariadbd is not installed (apt install mariadb-server): the shop uses SQLite files\n')
  return Object.entries(databasePorts).flatMap(([service, port]) =>
    program ? [mariaDbProgram(program, service, port, state)] : [],
  )
}

/** Creates the missing data folders atomically. @throws Error that names the folder */
export async function createDatabases(databases: Program[], state: string): Promise<void> {
  const unfinished = readdirSync(state).filter((name) => /^mysql-\w+\.\d+$/.test(name))
  for (const name of unfinished) rmSync(`${state}/${name}`, { recursive: true })
  for (const { name } of databases) {
    if (existsSync(`${state}/${name}/mysql`)) continue
    const template = await findOrCreateTemplate(state)
    await createFolder(`${state}/${name}`, async (path) => cpSync(template, path, { recursive: true }))
  }
}

/** The MariaDB server of one service. Its database has the service’s name. */
function mariaDbProgram(program: string, name: string, port: number, state: string): Program {
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
      // A socket path is limited to 107 characters, and TCP is enough.
      '--socket=',
      `--pid-file=${dir}/server.pid`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      ...lowMemoryOptions,
    ]),
    env: {},
    logFile: `${state}/logs/mysql-${name}.log`,
    stopsLast: true,
    isReady: () => hasDatabase(port, name),
  }
}

// An installation takes seconds: it is created once and copied.
async function findOrCreateTemplate(state: string): Promise<string> {
  const dir = `${state}/mysql-empty`
  if (!existsSync(`${dir}/mysql`)) await createFolder(dir, (path) => install(state, basename(path)))
  return dir
}

// Debian’s script splits paths at spaces, so it runs in the folder and gets a name without any.
async function install(state: string, name: string): Promise<void> {
  const command = [
    'mariadb-install-db',
    '--no-defaults',
    ...owner,
    `--datadir=./${name}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ]
  const installer = Bun.spawn(command, { cwd: state, stdout: 'ignore', stderr: 'pipe', detached: true })
  // The script starts a server that would survive a Ctrl-C: kill the whole process group.
  const kill = () => process.kill(-installer.pid, 'SIGKILL')
  for (const signal of stopSignals) process.on(signal, kill)
  const exitCode = await installer.exited
  for (const signal of stopSignals) process.off(signal, kill)
  if (exitCode !== 0) throw new Error(`mariadb-install-db: ${await new Response(installer.stderr).text()}`)
}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Creates a folder under a temporary name and renames it, so that an interrupted one is never used. */
async function createFolder(path: string, create: (path: string) => Promise<void>): Promise<void> {
  const unfinished = `${path}.${process.pid}`
  try {
    await create(unfinished)
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    throw new Error(`the database folder ${path} could not be created (${(error as Error).message})`)
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
