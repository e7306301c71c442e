import type { Visit } from '../visit.ts'

/** The person's orders, newest first. */
export function openOrders(visit: Visit): { ids: string[] } {
  const { html } = visit.get('orders', '/orders')
  return { ids: [...html.matchAll(/href="\/orders\/([\w-]+)"/g)].map(([, id = '']) => id) }
}

/** One order, and the products that were in it. */
export function openOrder(visit: Visit, id: string): { slugs: string[] } {
  const { html } = visit.get('order', `/orders/${id}`)
  return { slugs: [...html.matchAll(/href="\/product\/([\w-]+)"/g)].map(([, slug = '']) => slug) }
}
