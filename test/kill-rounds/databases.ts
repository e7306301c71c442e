import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createConnection } from 'mysql2/promise'
import type { DatabaseServer } from '../database-server'
import { startMariaDb } from '../mariadb'
import { startMySql } from '../mysql'
import type { ServiceName } from '../service-processes'

export const databaseNames = ['sqlite', 'mariadb', 'mysql'] as const
export type DatabaseName = (typeof databaseNames)[number]

const servers = { mariadb: startMariaDb, mysql: startMySql }
const diskSizes: Record<DatabaseName, string> = { sqlite: '64m', mariadb: '256m', mysql: '384m' }

/** The databases of the shop, on a disk of their own where this process may mount one. */
export async function openDatabases(name: DatabaseName) {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-kill-rounds-`)
  const mounted = Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', `size=${diskSizes[name]}`, 'tmpfs', dir])
  const canFill = mounted.exitCode === 0
  const server: DatabaseServer | undefined =
    name === 'sqlite' ? undefined : await servers[name]({ parent: dir, isDurable: true })
  if (server) await createDatabases(server.url)

  return {
    dir,
    server,
    urlOf: (service: ServiceName) => (server ? `${server.url}${service}` : `${dir}/${service}.sqlite`),
    /** Fills the disk to its last byte. Returns what empties it again; `undefined` where it has no size of its own. */
    fillDisk: canFill ? () => fill(`${dir}/ballast`) : undefined,
    async stop(): Promise<void> {
      await server?.stop()
      if (canFill) Bun.spawnSync(['umount', dir])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export type Databases = Awaited<ReturnType<typeof openDatabases>>

async function createDatabases(url: string): Promise<void> {
  const connection = await createConnection({ uri: url })
  for (const service of ['user', 'product', 'order']) await connection.query(`CREATE DATABASE \`${service}\``)
  await connection.end()
}

function fill(path: string): () => void {
  const file = openSync(path, 'w')
  for (const size of [2 ** 20, 2 ** 12]) {
    const zeros = new Uint8Array(size)
    try {
      while (writeSync(file, zeros) === size);
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOSPC') throw error
    }
  }
  closeSync(file)
  return () => rmSync(path, { force: true })
}
