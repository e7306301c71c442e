import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createConnection } from 'mysql2/promise'
import { freePort } from './free-port'
import { findProgram } from './requirements'

/** Starts a MariaDB in a temporary folder, on a free port. `stop()` ends it and deletes the folder. */
export async function startMariaDb(): Promise<{ url: string; stop: () => Promise<void> }> {
  const program = findProgram('mysql')
  if (!program) throw new Error('mariadbd is not installed')
  const dir = mkdtempSync(`${tmpdir()}/vitrine-mariadb-`)
  const port = freePort()
  const user = process.getuid?.() === 0 ? ['--user=root'] : []
  const common = ['--no-defaults', `--datadir=${dir}/data`, ...user]
  const installed = Bun.spawnSync(['mariadb-install-db', ...common, '--auth-root-authentication-method=normal'])
  if (installed.exitCode !== 0) throw new Error(`mariadb-install-db: ${installed.stderr}`)
  const server = Bun.spawn(
    [
      program,
      ...common,
      `--socket=${dir}/socket`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--skip-log-bin',
      // The data is deleted with the test, so that nothing needs to survive a power failure.
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-flush-method=nosync',
      '--innodb-doublewrite=0',
      '--sync-frm=0',
    ],
    { stdout: Bun.file(`${dir}/out.txt`), stderr: Bun.file(`${dir}/err.txt`) },
  )
  const stop = async () => {
    server.kill('SIGTERM')
    await server.exited
    rmSync(dir, { recursive: true, force: true })
  }
  const url = `mysql://root@127.0.0.1:${port}/`
  for (let attempt = 0; attempt < 2400; attempt++) {
    const connection = await createConnection({ uri: url }).catch(() => undefined)
    await connection?.end()
    if (connection) return { url, stop }
    await Bun.sleep(50)
  }
  const output = await Bun.file(`${dir}/err.txt`).text()
  await stop()
  throw new Error(`MariaDB did not start:\n${output.slice(-2000)}`)
}
