import type { Product } from '../context'
import type { Messages } from '../messages/messages'
import { paths, routes } from '../routes'

/** What search engines read about a page. Source: https://schema.org */
export type StructuredData = Record<string, unknown>

const context = 'https://schema.org'

/** The shop and its search. */
export const shopData = (origin: string): StructuredData => ({
  '@context': context,
  '@type': 'WebSite',
  name: 'Vitrine',
  url: `${origin}${routes.home}`,
  potentialAction: {
    '@type': 'SearchAction',
    target: `${origin}${routes.products}?q={search_term}`,
    'query-input': 'required name=search_term',
  },
})

/** A product with its offer and its breadcrumb. */
export function productData(product: Product, origin: string, { navigation }: Messages): StructuredData {
  const { id, slug, name, description, image, price_cents, stock } = product
  const url = `${origin}${paths.product(slug)}`
  const crumbs: [string, string][] = [
    [navigation.home, `${origin}${routes.home}`],
    [navigation.products, `${origin}${routes.products}`],
    [name, url],
  ]
  return {
    '@context': context,
    '@graph': [
      {
        '@type': 'Product',
        sku: id,
        name,
        description,
        image: `${origin}${image}`,
        offers: {
          '@type': 'Offer',
          url,
          price: (price_cents / 100).toFixed(2),
          priceCurrency: 'EUR',
          availability: `${context}/${stock > 0 ? 'InStock' : 'OutOfStock'}`,
        },
      },
      {
        '@type': 'BreadcrumbList',
        itemListElement: crumbs.map(([crumb, item], index) => ({
          '@type': 'ListItem',
          position: index + 1,
          name: crumb,
          item,
        })),
      },
    ],
  }
}
