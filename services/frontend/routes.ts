/** The routes of the storefront. Links use these and `paths`, never a string of their own. */
export const routes = {
  home: '/',
  products: '/products',
  product: '/product/:slug',
  register: '/register',
  login: '/login',
  logout: '/logout',
  account: '/account',
  accountPassword: '/account/password',
  accountSignOutEverywhere: '/account/sign-out-everywhere',
  cartAdd: '/cart/add',
  cartUpdate: '/cart/update/:productId',
  cartRemove: '/cart/remove/:productId',
  checkout: '/checkout',
  checkoutProcess: '/checkout/process',
  thankYou: '/order/thank-you',
  orders: '/orders',
  order: '/orders/:id',
  adminProducts: '/admin/products',
  adminNewProduct: '/admin/products/new',
  adminProduct: '/admin/products/:id',
  adminWithdrawn: '/admin/products/withdrawn',
  adminStock: '/admin/products/:id/stock',
  adminWithdraw: '/admin/products/:id/withdraw',
  adminRestore: '/admin/products/:id/restore',
  adminUsers: '/admin/users',
  adminOrders: '/admin/orders',
  asset: '/assets/:file',
  image: '/images/:file',
  favicon: '/favicon.ico',
  robots: '/robots.txt',
  sitemap: '/sitemap.xml',
} as const

/** Links to routes with parameters. */
export const paths = {
  /** Login and registration return to a path afterwards. */
  login: (returnTo?: string) => returningTo(routes.login, returnTo),
  register: (returnTo?: string) => returningTo(routes.register, returnTo),
  product: (slug: string) => `/product/${encodeURIComponent(slug)}`,
  cartUpdate: (productId: string) => `/cart/update/${encodeURIComponent(productId)}`,
  cartRemove: (productId: string) => `/cart/remove/${encodeURIComponent(productId)}`,
  thankYou: (orderId: string) => `${routes.thankYou}?order=${encodeURIComponent(orderId)}`,
  order: (id: string) => `/orders/${encodeURIComponent(id)}`,
  ordersAfter: (cursor: string) => `${routes.orders}?cursor=${encodeURIComponent(cursor)}`,
  adminProduct: (id: string) => `${routes.adminProducts}/${encodeURIComponent(id)}`,
  adminStock: (id: string) => `${paths.adminProduct(id)}/stock`,
  adminWithdraw: (id: string) => `${paths.adminProduct(id)}/withdraw`,
  adminRestore: (id: string) => `${paths.adminProduct(id)}/restore`,
  asset: (file: string) => `/assets/${file}`,
} as const

const returningTo = (path: string, returnTo: string | undefined): string =>
  returnTo === undefined ? path : `${path}?return_to=${encodeURIComponent(returnTo)}`

const maxPathLength = 500

/** A path that is safe for a redirect, or `undefined`. Browsers read `//evil`, `/\evil` and `/<tab>/evil` as other hosts. */
export function localPath(text: string | null | undefined): string | undefined {
  if (!text || text.length > maxPathLength) return undefined
  if (!/^\/(?!\/)[^\\\p{Cc}\s]*$/u.test(text)) return undefined
  // `/.//host/` resolves to `//host/`, which is another site.
  return URL.parse(text, 'http://local')?.pathname.startsWith('//') ? undefined : text
}

/** The local path of an address; without its query when the query is too long to store. */
export const localPathOf = ({ pathname, search }: Pick<URL, 'pathname' | 'search'>): string | undefined =>
  localPath(pathname + search) ?? localPath(pathname)
