import { expect, test } from 'bun:test'
import { openShop, signUp } from '../../test/shop'
import { argon2id } from './password'
import { users } from './schema'

test('a stored password is an argon2id hash with 19 MiB and 2 passes, and signs its user in', async () => {
  const shop = await openShop({ user: { hasher: argon2id } })

  const { id } = await signUp(shop)

  const rows = await shop.databases.user.database.db.select().from(users)
  expect(rows.find((row) => row.id === id)?.passwordHash).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$')
})
