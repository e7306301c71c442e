import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { plainHasher } from '../../test/hasher'
import { jsonRequest, openShop, signIn } from '../../test/shop'
import { createAdministrator, refuseDevelopmentCredentials, resetPassword } from './administrators'
import { users } from './schema'

const ada = {
  username: 'ada',
  email: 'ada@example.test',
  password: 'difference engine',
  first_name: 'A',
  last_name: 'L',
}

/** A shop whose database has no user yet. */
async function openWithoutUsers() {
  const shop = await openShop({ user: { hasher: plainHasher } })
  const { db } = shop.databases.user.database
  await db.delete(users)
  return { shop, context: { db, hasher: plainHasher } }
}

test('the first administrator is created once, and a further one only on request', async () => {
  const { shop, context } = await openWithoutUsers()

  await createAdministrator(context, ada)

  const { token } = await signIn(shop, 'ada', ada.password)
  expect((await shop.users.request('/api/users', jsonRequest('GET', undefined, { token }))).status).toBe(200)
  const bob = { ...ada, username: 'bob', email: 'bob@example.test' }
  expect(createAdministrator(context, bob)).rejects.toThrow('there is an administrator, "ada": use --additional')
  expect(createAdministrator(context, ada, { isAdditional: true })).rejects.toThrow('username "ada" is taken')
  expect(await createAdministrator(context, bob, { isAdditional: true })).toMatchObject({ is_admin: true })
})

test('an administrator has no common password', async () => {
  const { context } = await openWithoutUsers()

  expect(createAdministrator(context, { ...ada, password: 'admin123' })).rejects.toThrow('PASSWORD_TOO_COMMON')
})

test('a replaced password ends the sessions of the user', async () => {
  const { shop, context } = await openWithoutUsers()
  await createAdministrator(context, ada)
  const { token } = await signIn(shop, 'ada', ada.password)

  await resetPassword(context, { username: 'ada', password: 'analytical engine' })

  expect((await shop.users.request('/api/user', jsonRequest('GET', undefined, { token }))).status).toBe(401)
  expect((await signIn(shop, 'ada', 'analytical engine')).token).toBeString()
  expect(resetPassword(context, { username: 'eve', password: 'analytical engine' })).rejects.toThrow('no user "eve"')
})

test('a database with the credentials of development is refused, under whatever name', async () => {
  const shop = await openShop()
  const { db } = shop.databases.user.database
  const refusal = () => refuseDevelopmentCredentials({ db }).catch((error: Error) => error.message)

  expect(await refusal()).toContain('the administrator "admin" has the password of development')
  await db.update(users).set({ username: 'root' }).where(eq(users.username, 'admin'))
  expect(await refusal()).toContain('bun run admin:password root')
  await resetPassword({ db }, { username: 'root', password: 'analytical engine' })
  expect(await refusal()).toBeUndefined()
})
