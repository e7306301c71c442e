import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { startService } from '../service-processes'
import { jsonRequest } from '../shop'

const folder = mkdtempSync(`${tmpdir()}/vitrine-administrator-`)
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs `bun run admin:create` or `bun run admin:password`. */
function admin(url: string, verb: 'create' | 'password', args: string[], password?: string) {
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    [process.execPath, 'run', `admin:${verb}`, ...args, ...(password === undefined ? [] : ['--password-stdin'])],
    { env: { PATH: process.env.PATH ?? '', DATABASE_URL: url }, stdin: Buffer.from(`${password}\n`) },
  )
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() }
}

const production = (url: string) => ({
  DEPLOYMENT_ENVIRONMENT: 'production',
  HOST: '127.0.0.1',
  SERVICE_KEY: 'tJ4vQ8mZp2Xw7Rk9Lc3Nf6Hb5Gd1Sy0A',
  DATABASE_URL: url,
  OTEL_SDK_DISABLED: 'true',
})

test('a new production database gets its administrator by a command', async () => {
  const url = `${folder}/new.sqlite`
  const created = admin(url, 'create', ['ada', 'ada@example.test'])
  expect([created.exitCode, created.stdout]).toEqual([0, expect.stringContaining('created the administrator "ada"')])
  const password = /password, shown only here: (\S{24})/.exec(created.stdout)?.[1] ?? ''
  const service = startService('user', production(url))
  await service.waitUntilReady()

  const login = await fetch(`${service.url}/api/user/login`, jsonRequest('POST', { username: 'ada', password }))

  expect(login.status).toBe(200)
  expect(await login.json()).toMatchObject({ user: { is_admin: true } })
  const second = admin(url, 'create', ['bob', 'bob@example.test'], 'difference engine')
  expect(second).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--additional') })
  const additional = admin(url, 'create', ['bob', 'bob@example.test', '--additional'], 'difference engine')
  expect(additional).toMatchObject({ exitCode: 0, stdout: 'created the administrator "bob"\n' })
  expect(admin(url, 'password', ['bob'], 'password1')).toMatchObject({ exitCode: 1 })
  expect(admin(url, 'password', [])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('usage:') })
  expect(await service.stop()).toBe(0)
})

test('production does not start with the database of development until its password is replaced', async () => {
  const url = `${folder}/development.sqlite`
  const development = startService('user', { DATABASE_URL: url })
  await development.waitUntilReady()
  await development.stop()

  const refused = startService('user', production(url))
  await expect(refused.waitUntilReady()).rejects.toThrow()
  expect(await refused.stop()).toBe(1)
  expect(refused.output()).toContain('the administrator "admin" has the password of development, which is public')

  expect(admin(url, 'password', ['admin'], 'difference engine')).toMatchObject({ exitCode: 0 })
  const service = startService('user', production(url))
  await service.waitUntilReady()
  expect(await service.stop()).toBe(0)
})
