import type { Script, Visit } from '../visit.ts'

/** Opens the orders. Returns their ids, newest first. */
export function* openOrders(visit: Visit): Script<{ ids: string[] }> {
  const { html } = yield* visit.get('orders', '/orders')
  return { ids: [...html.matchAll(/href="\/orders\/([\w-]+)"/g)].map(([, id = '']) => id) }
}

/** Opens an order. Returns its products. */
export function* openOrder(visit: Visit, id: string): Script<{ slugs: string[] }> {
  const { html } = yield* visit.get('order', `/orders/${id}`)
  return { slugs: [...html.matchAll(/href="\/product\/([\w-]+)"/g)].map(([, slug = '']) => slug) }
}
