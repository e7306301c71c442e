import { expect, test } from 'bun:test'
import { openFrontend } from '../../test/storefront'

test('the style sheet and the page name the same font, which is stored forever and not compressed twice', async () => {
  const shop = await openFrontend()
  const { html } = await shop.browser().get('/')
  const preloaded = /<link rel="preload" href="([^"]+)" as="font"/.exec(html)?.[1] ?? 'there is no font'
  const sheet = /<link rel="stylesheet" href="([^"]+)"/.exec(html)?.[1] ?? 'there is no style sheet'

  const css = await shop.frontend.request(sheet)
  const font = await shop.frontend.request(preloaded, { headers: { 'Accept-Encoding': 'gzip, br' } })

  expect(preloaded).toMatch(/^\/assets\/figtree\.[0-9a-f]{12}\.woff2$/)
  expect(await css.text()).toContain(`url("${preloaded}")`)
  expect(Object.fromEntries(font.headers)).toMatchObject({
    'content-type': 'font/woff2',
    'cache-control': 'public, max-age=31536000, immutable',
  })
  expect(font.headers.has('content-encoding')).toBeFalse()
  expect(new TextDecoder().decode((await font.arrayBuffer()).slice(0, 4))).toBe('wOF2')
})
