import { expect, test } from 'bun:test'
import { hiddenFields } from '../../../stack/clients/hidden-fields'
import { productId } from '../../../test/shop'
import { addToCart, checkoutPath, openFrontend, openSignedInFrontend } from '../../../test/storefront'

async function openAdministration(options?: Parameters<typeof openFrontend>[0]) {
  const shop = await openFrontend(options)
  const admin = shop.browser()
  await admin.follow(await admin.post('/login', { username: 'admin', password: 'admin123' }))
  return { shop, admin }
}

const lamp = {
  name: 'Lampe d’atelier',
  description: 'Une lampe.\r\nElle éclaire.',
  price: '1 234,5',
  stock: '7',
  slug: '',
  image: '/images/webcam-hd.svg',
}

test('the pages of the administration are for administrators, who see that they are one', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  const paths = ['/admin/products', '/admin/products/new', '/admin/products/withdrawn', '/admin/orders', '/admin/users']
  for (const path of paths) {
    expect([path, (await shop.browser().get(path)).location]).toEqual([path, '/login'])
    expect([path, (await visitor.get(path)).status]).toEqual([path, 403])
  }
  for (const path of ['', `/${productId(1)}`, `/${productId(1)}/stock`, `/${productId(1)}/withdraw`]) {
    expect((await visitor.post(`/admin/products${path}`, lamp)).status).toBe(403)
  }
  expect((await visitor.get('/')).html).not.toContain('/admin/')

  const admin = shop.browser()
  const home = await admin.follow(await admin.post('/login', { username: 'admin', password: 'admin123' }))
  expect(home.html).toContain('href="/admin/products"')
  for (const path of paths) {
    const page = await admin.get(path)
    expect([path, page.status]).toEqual([path, 200])
    expect(page.html).toContain('Vous administrez la boutique')
  }
})

test('an administrator creates, edits, restocks, withdraws and restores a product', async () => {
  const { shop, admin } = await openAdministration()

  const created = await admin.post('/admin/products', lamp)
  expect(created.location).toMatch(/^\/admin\/products\/[0-9a-f-]{36}$/)
  const path = created.location ?? ''
  const editor = await admin.follow(created)
  expect(editor.html).toContain('Article créé\u00a0: Lampe d’atelier')
  expect(editor.html).toContain('value="1234,50"')
  expect((await shop.browser().get('/product/lampe-d-atelier')).html).toContain('1\u202f234,50\u00a0€')

  const saved = await admin.post(path, { ...lamp, name: 'Lampe', price: '99' })
  expect((await admin.follow(saved)).html).toContain('Article enregistré\u00a0: Lampe')
  const more = await admin.follow(await admin.post(`${path}/stock`, { pieces: 5, mode: 'add' }))
  expect(more.html).toContain('12\u00a0pièces en stock')
  const set = await admin.follow(await admin.post(`${path}/stock`, { pieces: 0, mode: 'set' }))
  expect(set.html).toContain('0\u00a0pièce en stock')
  expect(set.html).toContain('Création')
  expect(set.html).toContain('12 → 0')

  await admin.follow(await admin.post(`${path}/withdraw`))
  expect((await shop.browser().get('/product/lampe-d-atelier')).status).toBe(404)
  expect((await admin.get('/admin/products/withdrawn')).html).toContain('Lampe')
  const restored = await admin.follow(await admin.post(`${path}/restore`))
  expect(restored.html).toContain('De nouveau en vente\u00a0: Lampe')
  expect((await shop.browser().get('/product/lampe-d-atelier')).html).toContain('99,00\u00a0€')
})

test('a form that was open while another administrator saved changes only its own fields', async () => {
  const { shop, admin } = await openAdministration()
  const path = `/admin/products/${productId(10)}`
  const fields = { name: 'Webcam HD', description: 'Une image nette.', image: '/images/webcam-hd.svg' }
  const opened = hiddenFields((await admin.get(path)).html, path)
  await admin.post(path, { ...opened, ...fields, price: '89,99' })

  await admin.post(path, { ...opened, ...fields, description: 'Plus nette encore.', price: '79,99' })

  const product = await shop.products.request(`/api/product/${productId(10)}`)
  expect(await product.json()).toMatchObject({ price_cents: 8999, description: 'Plus nette encore.' })
})

test('a product form with wrong fields keeps its values, and says what is wrong with each', async () => {
  const { admin } = await openAdministration()
  const wrong = { ...lamp, name: ' ', price: 'cher', stock: '-1', image: '/images/nothing.svg' }

  const refused = await admin.post('/admin/products', wrong)
  expect(refused.status).toBe(422)
  for (const field of ['name', 'price', 'stock', 'image']) expect(refused.html).toContain(`id="${field}-erreur"`)
  expect(refused.html).toContain('value="cher"')
  expect(refused.html).toContain('Elle éclaire.')
  const taken = await admin.post('/admin/products', { ...lamp, slug: 'laptop-pro' })
  expect([taken.status, taken.html.includes('Cette adresse est déjà prise')]).toEqual([409, true])
  const slug = await admin.post('/admin/products', { ...lamp, slug: 'Lampe !' })
  expect([slug.status, slug.html.includes('Des minuscules sans accent')]).toEqual([422, true])
  const edited = await admin.post(`/admin/products/${productId(1)}`, { ...lamp, price: '0' })
  expect([edited.status, edited.html.includes('id="price-erreur"')]).toEqual([422, true])
  const pieces = await admin.post(`/admin/products/${productId(1)}/stock`, { pieces: 'x', mode: 'add' })
  expect((await admin.follow(pieces)).html).toContain('Indiquez un nombre entier de 1')
  const full = await admin.post(`/admin/products/${productId(1)}/stock`, { pieces: 1_000_000, mode: 'add' })
  expect((await admin.follow(full)).html).toContain('dépasserait un million')
  expect((await admin.get('/admin/products/nothing')).status).toBe(404)
  expect((await admin.post(`/admin/products/${crypto.randomUUID()}/withdraw`)).status).toBe(404)
})

test('while product-service is unavailable, a new product keeps its form', async () => {
  const { shop, admin } = await openAdministration()
  shop.unreachable.add('product-service')

  const failed = await admin.post('/admin/products', lamp)

  expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '5'])
  expect(failed.html).toContain('value="1 234,5"')
})

test('all orders and accounts are in the administration, and "my orders" has only one’s own', async () => {
  const { shop, admin } = await openAdministration()
  const shopper = shop.browser()
  await shopper.signUp()
  await addToCart(shopper, 1, 2)
  const form = hiddenFields((await shopper.get('/checkout')).html, checkoutPath)
  await shopper.post(checkoutPath, form)
  const number = /\d{6}-\w{8}/.exec((await shopper.get('/orders')).html)?.[0] ?? 'none'

  const [orders, own, users] = [
    await admin.get('/admin/orders'),
    await admin.get('/orders'),
    await admin.get('/admin/users'),
  ]

  expect(orders.html).toContain(number)
  expect(orders.html).toContain('2\u00a0articles')
  expect(own.html).not.toContain(number)
  expect(users.html).toContain('Camille')
  expect(users.html).toContain('Administrateur')
})

test('the administration is in English too', async () => {
  const { admin } = await openAdministration()
  await admin.get('/?lang=en')

  const list = await admin.get('/admin/products')
  const editor = await admin.get(`/admin/products/${productId(1)}`)

  expect(list.html).toContain('Products on sale')
  expect(list.html).toContain('25\u00a0pieces')
  expect(editor.html).toContain('value="1299.99"')
})
