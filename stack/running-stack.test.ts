import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { receiveCommands } from '../launch/control'
import { withRunningStack } from './running-stack'

const dir = mkdtempSync('/tmp/vitrine-running-stack-')
afterAll(() => rmSync(dir, { recursive: true }))

test('the settings of a stack apply only while its launcher runs', async () => {
  await Bun.write(`${dir}/env`, '# Written\nUSER_DATABASE_URL=mysql://u\nLOKI_URL=http://loki\n')
  const given = { VITRINE_STACK_DIR: dir, LOKI_URL: 'http://mine' }
  expect(await withRunningStack(given)).toEqual({ env: given, notice: undefined })

  const stop = receiveCommands(`${dir}/stack.sock`, async () => '')
  const { env, notice } = await withRunningStack(given)
  expect(env).toEqual({ ...given, USER_DATABASE_URL: 'mysql://u' })
  expect(notice).toContain('databases on its servers')
  stop()
  expect((await withRunningStack(given)).notice).toBeUndefined()
})
