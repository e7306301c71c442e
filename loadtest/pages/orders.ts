import type { Script, Visit } from '../visit.ts'

/** The person's orders, newest first. */
export function* openOrders(visit: Visit): Script<{ ids: string[] }> {
  const { html } = yield* visit.get('orders', '/orders')
  return { ids: [...html.matchAll(/href="\/orders\/([\w-]+)"/g)].map(([, id = '']) => id) }
}

/** One order, and the products that were in it. */
export function* openOrder(visit: Visit, id: string): Script<{ slugs: string[] }> {
  const { html } = yield* visit.get('order', `/orders/${id}`)
  return { slugs: [...html.matchAll(/href="\/product\/([\w-]+)"/g)].map(([, slug = '']) => slug) }
}
