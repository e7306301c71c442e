import { expect, test } from 'bun:test'
import {
  addToCart,
  checkoutPath,
  fetchCheckoutForm,
  openFrontend,
  openSignedInFrontend,
} from '../../../test/storefront'

const serverTiming = { consoleUrl: 'http://localhost:4318' }

/** The content of a page's badge. */
function badgeOf(html: string) {
  const [, ms, queries, href] =
    /class="badge-costs">(\d+)\u00a0ms · (\d+)\u00a0requêtes? SQL · <a href="([^"]+)">trace/.exec(html) ?? []
  return { ms: Number(ms), queries: Number(queries), href }
}

test('in development the badge shows the number of SQL statements in all services, as in the trace', async () => {
  const { shop, visitor } = await openSignedInFrontend({ serverTiming })
  await addToCart(visitor, 1, 2)

  for (const path of ['/', '/product/laptop-pro', '/checkout']) {
    const { html, headers } = await visitor.get(path)
    const traceId = headers.get('x-trace-id') ?? ''
    const statements = shop.recording
      .spans()
      .filter((span) => span.traceId === traceId && span.attributes['db.system.name'])
    const badge = badgeOf(html)
    expect({ path, queries: badge.queries }).toEqual({ path, queries: statements.length })
    expect(badge.href).toBe(`http://localhost:4318/traces/${traceId}`)
    expect(headers.get('server-timing')).toMatch(new RegExp(`^total;dur=[\\d.]+, sql;desc="${statements.length}"$`))
  }
})

test('a redirect has Server-Timing', async () => {
  const { shop, visitor } = await openSignedInFrontend({ serverTiming })
  await addToCart(visitor)

  const { headers } = await visitor.post(checkoutPath, await fetchCheckoutForm(visitor))

  const traceId = headers.get('x-trace-id')
  const statements = shop.recording
    .spans()
    .filter((span) => span.traceId === traceId && span.attributes['db.system.name'])
  expect(statements.length).toBeGreaterThan(15)
  expect(headers.get('server-timing')).toContain(`sql;desc="${statements.length}"`)
})

test('a problem page has a badge', async () => {
  const { unreachable, browser } = await openFrontend({ serverTiming })
  unreachable.add('product-service')

  expect(badgeOf((await browser().get('/products')).html).queries).toBe(0)
})

test('other environments have neither badge nor Server-Timing', async () => {
  const { browser, products } = await openFrontend()

  const { html, headers } = await browser().get('/')

  expect(html).not.toContain('badge-costs')
  expect(headers.get('server-timing')).toBeNull()
  expect((await products.request('/api/products')).headers.get('server-timing')).toBeNull()
})
