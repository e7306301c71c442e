import { expect, test } from 'bun:test'
import { DomainError } from '../../src/problem'
import { openShop, signUp } from '../../test/shop'
import { findUserByToken } from './find-user-by-token'
import { tokens } from './schema'
import { hashToken, maxIdleMs, maxLifetimeMs } from './token'

const hourMs = 3600_000

test('a token expires twelve hours after its last use', async () => {
  const shop = await openShop()
  const { token, id } = await signUp(shop)
  const { db } = shop.databases.user.database
  const startMs = Date.now()

  expect(await findUserByToken({ db }, token, new Date(startMs + maxIdleMs - 60_000))).toMatchObject({ id })
  // That use extended the token.
  expect(await findUserByToken({ db }, token, new Date(startMs + maxIdleMs + hourMs))).toMatchObject({ id })
  await expectUnauthenticated(findUserByToken({ db }, token, new Date(startMs + 3 * maxIdleMs)))
})

test('a token expires after thirty days even when it is used', async () => {
  const shop = await openShop()
  const { token, id } = await signUp(shop)
  const { db } = shop.databases.user.database
  const startMs = Date.now()

  for (let atMs = startMs; atMs < startMs + maxLifetimeMs - hourMs; atMs += maxIdleMs - hourMs) {
    expect(await findUserByToken({ db }, token, new Date(atMs))).toMatchObject({ id })
  }
  await expectUnauthenticated(findUserByToken({ db }, token, new Date(startMs + maxLifetimeMs + 60_000)))
})

test('a token is stored only as its hash', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)

  const rows = await shop.databases.user.database.db.select().from(tokens)

  expect(rows.map((row) => row.hash)).toEqual([hashToken(token)])
  expect(JSON.stringify(rows)).not.toContain(token)
})

async function expectUnauthenticated(call: Promise<unknown>): Promise<void> {
  const error = await call.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DomainError)
  expect((error as DomainError).code).toBe('UNAUTHENTICATED')
}
