import { describe, expect, onTestFinished, test } from 'bun:test'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { runCommand } from './run-command'

const canRun = Bun.which('dpkg-deb') && existsSync('/usr/share/keyrings/debian-archive-keyring.gpg')

describe.skipIf(!canRun)('test/install-mysql', () => {
  test('where Debian has no such package, it says so, fails and leaves nothing behind', async () => {
    const { install, cache } = await prepare('echo "E: Unable to locate package mysql-server-core" >&2; exit 100')
    const { exitCode, stdout, stderr } = await install()

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr.trim().split('\n').at(-1)).toBe(
      'install-mysql: mysql-server-core could not be downloaded from Debian unstable',
    )
    expect(readdirSync(`${cache}/vitrine-mysql`)).toEqual([])
  })

  test('a server in the cache is used at once', async () => {
    const { install, cache } = await prepare('exit 1')
    const server = `${cache}/vitrine-mysql/server/mysqld`
    await writeProgram(server, 'exit 0')

    expect(await install()).toMatchObject({ exitCode: 0, stdout: `${server}\n`, stderr: '' })
  })
})

/** @param onInstall what `apt-get install` does, in a shell */
async function prepare(onInstall: string) {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-install-mysql-`)
  onTestFinished(() => rmSync(dir, { recursive: true }))
  await writeProgram(`${dir}/bin/apt-get`, `case "$1" in install) ${onInstall} ;; esac`)
  const env = { PATH: `${dir}/bin:${process.env.PATH}`, XDG_CACHE_HOME: `${dir}/cache` }
  return { cache: `${dir}/cache`, install: () => runCommand([`${import.meta.dir}/install-mysql`], env) }
}

async function writeProgram(path: string, script: string): Promise<void> {
  await Bun.write(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
}
