import { Hono } from 'hono'
import { jsonOrThrow } from '../../../src/service-client'
import { asCatalogError } from '../catalog/catalog-error'
import type { FrontendContext } from '../context'
import { inLanguage } from '../language'
import { languages } from '../messages/messages'
import { originOf } from '../origin'
import { paths, routes } from '../routes'

const oneHour = { 'Cache-Control': 'public, max-age=3600' }
const privatePaths = [
  ...[routes.checkout, routes.orders, routes.account, routes.login, routes.register],
  ...['/cart/', '/order/', '/admin/', `${routes.products}?*q=`],
]

// As many as one sitemap may list is 50 000, but a request must end within its deadline.
const maxPages = 20

/** Files for search engines. */
export function seoRoutes({ products }: FrontendContext) {
  return new Hono()
    .get(routes.robots, (c) => {
      const disallowed = privatePaths.map((path) => `Disallow: ${path}`)
      const lines = ['User-agent: *', ...disallowed, '', `Sitemap: ${originOf(c)}${routes.sitemap}`, '']
      return c.text(lines.join('\n'), 200, oneHour)
    })
    .get(routes.sitemap, async (c) => {
      const slugs = await listSlugs().catch(asCatalogError)
      const xml = sitemapOf(originOf(c), [routes.home, routes.products, ...slugs.map(paths.product)])
      return c.body(xml, 200, { ...oneHour, 'Content-Type': 'application/xml; charset=utf-8' })
    })

  async function listSlugs(): Promise<string[]> {
    const slugs: string[] = []
    let cursor: string | null = null
    for (let page = 0; page < maxPages; page++) {
      const query: { limit: string; cursor?: string } = { limit: '100', ...(cursor && { cursor }) }
      const found: { items: { slug: string }[]; next_cursor: string | null } = await jsonOrThrow(
        products.api.products.$get({ query }),
      )
      slugs.push(...found.items.map(({ slug }) => slug))
      cursor = found.next_cursor
      if (!cursor) break
    }
    return slugs
  }
}

function sitemapOf(origin: string, pagePaths: string[]): string {
  const urls = pagePaths.map((path) => {
    const alternates = languages.map(
      (language) =>
        `<xhtml:link rel="alternate" hreflang="${language}" href="${escapeXml(origin + inLanguage(path, language))}"/>`,
    )
    return `<url><loc>${escapeXml(origin + path)}</loc>${alternates.join('')}</url>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ...urls,
    '</urlset>',
    '',
  ].join('\n')
}

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
