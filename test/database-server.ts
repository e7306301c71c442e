import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Subprocess } from 'bun'
import { createConnection } from 'mysql2/promise'
import { freePort } from './free-port'

export interface DatabaseServer {
  /** Without a database: `mysql://root@127.0.0.1:PORT/`. */
  url: string
  /** SIGKILL, without a chance to write anything. */
  kill: () => Promise<void>
  /** Starts it again with its data, on the same port, if it does not run. */
  start: () => Promise<void>
  /** Ends it and deletes its data. */
  stop: () => Promise<void>
}

export interface ServerKind {
  name: string
  /** The arguments that create the data folder, as a whole command. */
  initialize: (data: string) => string[]
  command: (data: string) => string[]
}

export interface ServerOptions {
  /** The folder of its data; by default in memory where there is room, because a new server writes 100 MB. */
  parent?: string
  /** Whether commits survive a SIGKILL of the server. Otherwise the last second is lost, and tests are faster. */
  isDurable?: boolean
}

/** Most tests delete the data and never kill the server. */
const withoutDurability = [
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-flush-method=nosync',
  '--innodb-doublewrite=0',
]

/** Arguments of both servers. */
export const durability = ({ isDurable = false }: ServerOptions) => [
  '--skip-log-bin',
  ...(isDurable ? [] : withoutDurability),
]

/** For servers that root starts. */
export const owner = process.getuid?.() === 0 ? ['--user=root'] : []

/** Starts a database server on a free port of this machine, with its data in a temporary folder. */
export async function startDatabaseServer(
  kind: ServerKind,
  { parent = temporaryFolder() }: ServerOptions = {},
): Promise<DatabaseServer> {
  const dir = mkdtempSync(`${parent}/vitrine-${kind.name.toLowerCase()}-`)
  const port = freePort()
  const url = `mysql://root@127.0.0.1:${port}/`
  let running: Subprocess | undefined
  try {
    const { exitCode, stderr } = Bun.spawnSync(kind.initialize(`${dir}/data`), { stdout: 'ignore', stderr: 'pipe' })
    if (exitCode !== 0) throw new Error(`${kind.name} could not create its data folder:\n${stderr}`)
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return { url, kill, start, stop }

  async function start(): Promise<void> {
    if (running && running.exitCode === null && running.signalCode === null) return
    const options = [`--socket=${dir}/socket`, `--port=${port}`, '--bind-address=127.0.0.1']
    running = Bun.spawn([...kind.command(`${dir}/data`), ...options], {
      stdout: Bun.file(`${dir}/out.txt`),
      stderr: Bun.file(`${dir}/err.txt`),
    })
    for (let attempt = 0; attempt < 2400 && running.exitCode === null; attempt++) {
      const connection = await createConnection({ uri: url }).catch(() => undefined)
      await connection?.end()
      if (connection) return
      await Bun.sleep(50)
    }
    const output = await Bun.file(`${dir}/err.txt`).text()
    throw new Error(`${kind.name} did not start:\n${output.slice(-2000)}`)
  }

  async function kill(): Promise<void> {
    running?.kill('SIGKILL')
    await running?.exited
  }

  async function stop(): Promise<void> {
    running?.kill('SIGTERM')
    await running?.exited
    rmSync(dir, { recursive: true, force: true })
  }
}

const memory = '/dev/shm'
const neededBytes = 2 ** 30

function temporaryFolder(): string {
  try {
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize > neededBytes ? memory : tmpdir()
  } catch {
    return tmpdir()
  }
}
