import { expect, onTestFinished, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { signUp } from '../../../test/shop'
import { openFrontend, openSignedInFrontend } from '../../../test/storefront'
import { createPendingRevocations } from './pending-revocations'

test('a sign-out while user-service is down succeeds, and the token is revoked when user-service is back', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  const copy = shop.browser(new Map(visitor.cookies))
  shop.unreachable.add('user-service')

  const out = await visitor.post('/logout')

  expect([out.status, out.location]).toEqual([303, '/'])
  expect(visitor.cookies.get('session')).not.toBe(copy.cookies.get('session') as string)
  expect(shop.recording.logs('revocation.stored')).toHaveLength(1)
  expect(await shop.pendingRevocations.revokePending()).toBe(0)
  shop.unreachable.delete('user-service')
  expect((await copy.get('/orders')).status).toBe(200)
  expect(await shop.pendingRevocations.revokePending()).toBe(1)
  expect((await copy.get('/orders')).location).toBe('/login')
  expect(shop.recording.logs('revocation.completed')[0]).toHaveAttributes({ 'token.count': 1 })
  expect(await shop.pendingRevocations.revokePending()).toBe(0)
})

test('what is pending survives the process and is shared by instances; the file has no token', async () => {
  const folder = mkdtempSync(`${tmpdir()}/vitrine-revocations-`)
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = `${folder}/new/frontend.sqlite`
  const shop = await openFrontend()
  const { token } = await signUp(shop)
  const first = createPendingRevocations({ path, users: shop.userClient, telemetry: shop.frontendTelemetry })

  first.add(token)
  first.add(token)

  expect(await Bun.file(`${path}-wal`).text()).not.toContain(token)
  const second = createPendingRevocations({ path, users: shop.userClient, telemetry: shop.frontendTelemetry })
  const stop = second.start()
  await stop()
  expect(await first.revokePending()).toBe(0)
  const response = await shop.users.request('/api/user', { headers: { Authorization: `Bearer ${token}` } })
  expect(response.status).toBe(401)
})

test('a token that has expired by itself is no longer pending', async () => {
  const shop = await openFrontend()
  const clock = { nowMs: 0 }
  const pending = createPendingRevocations({
    path: ':memory:',
    users: shop.userClient,
    telemetry: shop.frontendTelemetry,
    now: () => clock.nowMs,
  })
  pending.add('a token')
  clock.nowMs += 30 * 24 * 3600_000

  expect(await pending.revokePending()).toBe(0)
})

test('a file that cannot be opened is an error that names the setting', async () => {
  const shop = await openFrontend()

  expect(() =>
    createPendingRevocations({ path: '/proc/no/file', users: shop.userClient, telemetry: shop.frontendTelemetry }),
  ).toThrow('PENDING_REVOCATIONS_FILE=/proc/no/file cannot be opened')
})
