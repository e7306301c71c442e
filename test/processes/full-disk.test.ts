import { describe, expect, onTestFinished, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { runCommand } from '../run-command'
import { startService } from '../service-processes'
import { jsonRequest } from '../shop'

// Mounting a file system needs root and a mount namespace of its own.
const canMount = process.getuid?.() === 0 && Bun.spawnSync(['unshare', '-m', 'true']).exitCode === 0

describe.skipIf(!canMount)('a SQLite file on a disk that is full', () => {
  test('is 503 STORAGE_FULL, keeps reading, and writes again when there is room', async () => {
    const dir = mkdtempSync(`${tmpdir()}/vitrine-disk-`)
    onTestFinished(() => rmSync(dir, { recursive: true }))
    const mount = `mount -t tmpfs -o size=1m tmpfs ${dir} && exec "$@"`
    const runner = ['unshare', '-m', 'sh', '-c', mount, 'sh']
    const user = startService('user', { DATABASE_URL: `${dir}/user.sqlite` }, true, runner)
    onTestFinished(() => user.stop('SIGKILL').then(() => {}))
    await user.waitUntilReady()
    const inside = ['nsenter', `--mount=/proc/${user.pid}/ns/mnt`]
    const person = { username: 'jeanne', password: 'correct horse', email: 'j@example.test' }
    const names = { first_name: 'J', last_name: 'M' }
    const logIn = () => fetch(`${user.url}/api/user/login`, jsonRequest('POST', person))
    expect((await fetch(`${user.url}/api/user/create`, jsonRequest('POST', { ...person, ...names }))).status).toBe(201)
    const { token } = (await (await logIn()).json()) as { token: string }

    await runCommand([...inside, 'sh', '-c', `cat /dev/zero > ${dir}/filler || true`])
    // The rest of the last page of the log has room for some rows.
    let response = await logIn()
    for (let n = 0; n < 50 && response.status === 200; n++) response = await logIn()

    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await response.json()).toMatchObject({ code: 'STORAGE_FULL' })
    expect((await logIn()).status).toBe(503)
    const reader = await fetch(`${user.url}/api/user`, jsonRequest('GET', undefined, { token }))
    expect(reader.status).toBe(200)
    expect((await fetch(`${user.url}/ready`)).status).toBe(200)

    await runCommand([...inside, 'rm', `${dir}/filler`])
    expect((await logIn()).status).toBe(200)
    await user.stop()
    const causes = user.logLines().filter((line) => Object.values(line).includes('storage.full'))
    expect(causes).toHaveLength(1)
    expect(JSON.stringify(causes)).toContain('disk is full')
  }, 120_000)
})
