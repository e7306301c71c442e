/** The URL contract: what the router matches. Links come from here and from `paths`, never from a typed string. */
export const routes = {
  home: '/',
  products: '/products',
  product: '/product/:slug',
  register: '/register',
  login: '/login',
  logout: '/logout',
  cartAdd: '/cart/add',
  cartUpdate: '/cart/update/:productId',
  cartRemove: '/cart/remove/:productId',
  checkout: '/checkout',
  checkoutProcess: '/checkout/process',
  thankYou: '/order/thank-you',
  orders: '/orders',
  order: '/orders/:id',
  asset: '/assets/:file',
  image: '/images/:file',
  favicon: '/favicon.ico',
} as const

/** Links to the routes that take something. */
export const paths = {
  product: (slug: string) => `/product/${encodeURIComponent(slug)}`,
  productsAfter: (cursor: string) => `${routes.products}?cursor=${encodeURIComponent(cursor)}`,
  cartUpdate: (productId: string) => `/cart/update/${encodeURIComponent(productId)}`,
  cartRemove: (productId: string) => `/cart/remove/${encodeURIComponent(productId)}`,
  thankYou: (orderId: string) => `${routes.thankYou}?order=${encodeURIComponent(orderId)}`,
  order: (id: string) => `/orders/${encodeURIComponent(id)}`,
  ordersAfter: (cursor: string) => `${routes.orders}?cursor=${encodeURIComponent(cursor)}`,
  asset: (file: string) => `/assets/${file}`,
} as const

const mostCharacters = 500

/**
 * A path of this shop that a shopper may be sent to, or `undefined`: browsers read `//evil`, `/\evil` and `/<tab>/evil`
 * as other hosts.
 */
export function localPath(text: string | null | undefined): string | undefined {
  if (!text || text.length > mostCharacters) return undefined
  return /^\/(?!\/)[^\\\p{Cc}\s]*$/u.test(text) ? text : undefined
}
