import { hiddenFields } from '../../observability/shopper.ts'
import type { Visit } from '../visit.ts'

/** The shop window, and what it links to. */
export function openHome(visit: Visit): { slugs: string[] } {
  return { slugs: slugsIn(visit.get('home', '/').html) }
}

export function openProducts(visit: Visit): { slugs: string[] } {
  return { slugs: slugsIn(visit.get('products', '/products').html) }
}

/** The page of a product, and the form that puts it into the cart; no form where it is sold out. */
export function openProduct(visit: Visit, slug: string): { form: Record<string, string> | undefined } {
  const fields = hiddenFields(visit.get('product', `/product/${slug}`).html, '/cart/add')
  return { form: fields.product_id ? fields : undefined }
}

function slugsIn(html: string): string[] {
  return [...html.matchAll(/href="\/product\/([\w-]+)"/g)].map(([, slug = '']) => slug)
}
