import { openHome, openProduct, openProducts } from '../pages/catalogue.ts'
import { oneOf, think } from '../think.ts'
import type { Visit } from '../visit.ts'

/** Looks around and leaves, as most do. */
export function visitor(visit: Visit): boolean {
  const { slugs } = openHome(visit)
  think()
  openProduct(visit, oneOf(slugs))
  think()
  openProducts(visit)
  think()
  openProduct(visit, oneOf(slugs))
  return true
}

/** Opens the shop window, and nothing else: for its own rate. */
export function home(visit: Visit): boolean {
  return openHome(visit).slugs.length > 0
}
