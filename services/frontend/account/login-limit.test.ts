import { expect, test } from 'bun:test'
import { plainHasher } from '../../../test/hasher'
import { from, jsonRequest } from '../../../test/shop'
import { openFrontend } from '../../../test/storefront'

test('wrong passwords in the login form count for the shopper’s own address, whatever headers the browser sends', async () => {
  const shop = await openFrontend({ user: { hasher: plainHasher } })
  const person = { username: 'alice', email: 'alice@example.test', password: 'correct horse' }
  await shop.users.request('/api/user/create', jsonRequest('POST', { ...person, first_name: 'A', last_name: 'M' }))
  const logIn = (password: string, address: string) =>
    shop.frontend.request(
      'http://vitrine.test/login',
      {
        method: 'POST',
        body: new URLSearchParams({ username: 'alice', password }),
        headers: { Origin: 'http://vitrine.test', 'X-Forwarded-For': '192.0.2.1', 'X-Client-Address': '192.0.2.1' },
      },
      from(address),
    )
  for (let n = 0; n < 5; n++) expect((await logIn('wrong horse', '198.51.100.9')).status).toBe(401)

  const refused = await logIn(person.password, '198.51.100.9')

  expect([refused.status, refused.headers.get('content-type')]).toEqual([429, 'text/html; charset=UTF-8'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50)
  expect(shop.recording.spans().findLast(({ name }) => name === 'POST /login')).toHaveAttributes({
    'problem.code': 'TOO_MANY_REQUESTS',
  })
  expect((await logIn(person.password, '203.0.113.7')).status).toBe(303)
})
