import { expect, test } from 'bun:test'
import { DomainError } from '../../src/problem'
import { openShop, signUp } from '../../test/shop'
import { tokens } from './schema'
import { absoluteMs, hashToken, idleMs } from './token'
import { whoIs } from './who-is'

const hourMs = 3600_000

test('a token ends twelve hours after its last use', async () => {
  const shop = await openShop()
  const { token, id } = await signUp(shop)
  const { db } = shop.databases.user.database
  const startMs = Date.now()

  expect(await whoIs({ db }, token, new Date(startMs + idleMs - 60_000))).toMatchObject({ id })
  // That use moved the end.
  expect(await whoIs({ db }, token, new Date(startMs + idleMs + hourMs))).toMatchObject({ id })
  await expectNobody(whoIs({ db }, token, new Date(startMs + 3 * idleMs)))
})

test('a token ends after thirty days however often it is used', async () => {
  const shop = await openShop()
  const { token, id } = await signUp(shop)
  const { db } = shop.databases.user.database
  const startMs = Date.now()

  for (let atMs = startMs; atMs < startMs + absoluteMs - hourMs; atMs += idleMs - hourMs) {
    expect(await whoIs({ db }, token, new Date(atMs))).toMatchObject({ id })
  }
  await expectNobody(whoIs({ db }, token, new Date(startMs + absoluteMs + 60_000)))
})

test('a token is stored only as its hash', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)

  const rows = await shop.databases.user.database.db.select().from(tokens)

  expect(rows.map((row) => row.hash)).toEqual([hashToken(token)])
  expect(JSON.stringify(rows)).not.toContain(token)
})

async function expectNobody(asked: Promise<unknown>): Promise<void> {
  const error = await asked.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DomainError)
  expect((error as DomainError).code).toBe('UNAUTHENTICATED')
}
