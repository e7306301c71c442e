import { expect, test } from 'bun:test'
import { openFrontend } from '../../test/storefront'

const headers = { Cookie: 'lang=fr' }

test.each([
  ['/products?q=cam&cookies=1', '/products?q=cam'],
  ['//evil.test/?cookies=1', '/'],
  ['/.//evil.test?cookies=1', '/'],
  ['/\\evil.test/?cookies=1', '/'],
  ['//evil.test/a?cookies=1&lang=en', '/'],
  ['//evil.test/%2e%2e?cookies=1&x=y', '/'],
])('the mark of the cookie check is removed from %s by a redirect to %s', async (path, location) => {
  const { frontend } = await openFrontend()

  const response = await frontend.request(`http://vitrine.test${path}`, { headers })

  expect(response.status).toBe(303)
  expect(response.headers.get('location')).toBe(location)
})
