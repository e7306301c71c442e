import { hiddenFields } from '../../stack/clients/hidden-fields.ts'
import type { Script, Visit } from '../visit.ts'

/** Opens the home page. Returns the products that it links to. */
export function* openHome(visit: Visit): Script<{ slugs: string[] }> {
  const { html } = yield* visit.get('home', '/')
  return { slugs: slugsIn(html) }
}

export function* openProducts(visit: Visit): Script<{ slugs: string[] }> {
  const { html } = yield* visit.get('products', '/products')
  return { slugs: slugsIn(html) }
}

/** Opens a product page. Returns its cart form, which is missing when the product is sold out. */
export function* openProduct(visit: Visit, slug: string): Script<{ form: Record<string, string> | undefined }> {
  const { html } = yield* visit.get('product', `/product/${slug}`)
  const fields = hiddenFields(html, '/cart/add')
  return { form: fields.product_id ? fields : undefined }
}

function slugsIn(html: string): string[] {
  return [...html.matchAll(/href="\/product\/([\w-]+)"/g)].map(([, slug = '']) => slug)
}
