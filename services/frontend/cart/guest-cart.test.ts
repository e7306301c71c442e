import { expect, test } from 'bun:test'
import { hiddenFields } from '../../../stack/clients/hidden-fields'
import { jsonRequest, productId, signIn } from '../../../test/shop'
import {
  addToCart,
  checkoutPath,
  fetchCheckoutForm,
  openFrontend,
  openSignedInFrontend,
} from '../../../test/storefront'

const person = {
  username: 'nina',
  email: 'nina@example.test',
  password: 'correct horse',
  first_name: 'Nina',
  last_name: 'P',
}
const count = (html: string) => /data-cart-count[^>]*>(\d+)</.exec(html)?.[1]

test('what a guest adds is in the cart page, can be changed, and is in the cart after registration and login', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()

  const product = await visitor.follow(await addToCart(visitor, 3, 2))
  expect(product.html).toContain('Ajouté au panier')
  expect(count(product.html)).toBe('2')
  await addToCart(visitor, 9, 1)
  const cart = await visitor.get('/checkout')
  expect(cart.html).toContain('299,98\u00a0€')
  expect(cart.html).toContain('Se connecter pour payer')
  expect(cart.html).not.toContain('Confirmer et payer')
  await visitor.post(`/cart/update/${productId(3)}`, { quantity: 4 })
  await visitor.post(`/cart/remove/${productId(9)}`)
  await visitor.post('/register', person)
  const back = await visitor.post('/login', { ...person, return_to: '/checkout' })

  const own = await visitor.follow(back)
  expect(own.html).toContain('599,96\u00a0€')
  expect(count(own.html)).toBe('4')
  const paid = await visitor.post(checkoutPath, hiddenFields(own.html, checkoutPath))
  expect(paid.location).toStartWith('/order/thank-you')
  expect(await shop.recording.metric('cart.items.added')).toBe(4)
})

test('a guest who creates an account on the way to the payment comes back to the cart', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  await addToCart(visitor, 3, 2)

  const login = await visitor.get('/login?return_to=%2Fcheckout')
  expect(login.html).toContain('href="/register?return_to=%2Fcheckout"')
  const form = hiddenFields((await visitor.get('/register?return_to=%2Fcheckout')).html, '/register')
  const registered = await visitor.post('/register', { ...form, ...person })
  expect(registered.location).toBe('/login?return_to=%2Fcheckout')
  const page = hiddenFields((await visitor.follow(registered)).html, '/login')
  const back = await visitor.follow(await visitor.post('/login', { ...page, ...person }))

  expect(back.html).toContain('299,98\u00a0€')
  expect(back.html).toContain('Confirmer et payer')
})

test('a product that is withdrawn leaves the cart of a guest with a message, once', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  await addToCart(visitor, 3, 2)
  await addToCart(visitor, 9, 1)
  const { token } = await signIn(shop, 'admin', 'admin123')
  await shop.products.request(`/api/product/${productId(9)}`, jsonRequest('DELETE', undefined, { token }))

  const [cart, again] = [await visitor.get('/checkout'), await visitor.get('/checkout')]

  expect(cart.html).toContain('n’est plus vendu\u00a0: il a été retiré.')
  expect(cart.html).toContain('299,98\u00a0€')
  expect(count(cart.html)).toBe('2')
  expect(again.html).not.toContain('plus vendu')
})

test('a guest who opens a page for shoppers keeps their cart', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  await addToCart(visitor, 3, 2)

  expect((await visitor.get('/orders')).location).toBe('/login')
  await visitor.get('/login')

  expect(count((await visitor.get('/checkout')).html)).toBe('2')
})

test('a guest is refused what a shopper is refused', async () => {
  const shop = await openFrontend({ stock: 5 })
  const visitor = shop.browser()
  await visitor.get('/product/laptop-pro')
  const add = async (fields: Record<string, string | number>) =>
    (await visitor.follow(await visitor.post('/cart/add', { product_id: productId(1), ...fields }))).html

  expect(await add({ quantity: 6 })).toContain('Il ne reste que 5\u00a0exemplaires de cet article')
  expect(await add({ quantity: 0 })).toContain('La quantité doit être un nombre entier')
  await add({ quantity: 4 })
  expect(await add({ quantity: 2 })).toContain('votre panier en contient 4')
  const updated = await visitor.post(`/cart/update/${productId(1)}`, { quantity: 99 })
  expect((await visitor.follow(updated)).html).toContain('Il ne reste que 5\u00a0exemplaires de cet article')
  for (const product_id of ['nothing', crypto.randomUUID()]) {
    const unknown = await visitor.post('/cart/add', { product_id, quantity: 1 })
    expect([unknown.status, unknown.html.includes('Cet article n’existe pas')]).toEqual([404, true])
  }
  const absent = await visitor.post(`/cart/remove/${productId(2)}`)
  expect((await visitor.follow(absent)).html).toContain('Cet article n’est plus dans votre panier')
})

test('a login says what the cart could not take', async () => {
  const shop = await openFrontend({ stock: 5 })
  const visitor = shop.browser()
  await addToCart(visitor, 1, 5)
  const admin = await signIn(shop, 'admin', 'admin123')
  await shop.products.request(`/api/product/${productId(1)}`, jsonRequest('PATCH', { stock: 2 }, admin))
  await visitor.post('/register', person)

  const home = await visitor.follow(await visitor.post('/login', person))

  expect(home.html).toContain('Bienvenue, Nina')
  expect(home.html).toContain('n’a pas pu tout reprendre\u00a0: Laptop Pro')
  expect(count(home.html)).toBe('2')
})

test('while order-service is unavailable, a login keeps the cart for later, and takes it once', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  await addToCart(visitor, 1, 2)
  await visitor.post('/register', person)
  shop.unreachable.add('order-service')
  const login = await visitor.post('/login', person)
  expect((await visitor.follow(login)).html).toContain('Bienvenue, Nina')
  shop.unreachable.clear()

  const form = await fetchCheckoutForm(visitor)

  expect(form).toMatchObject({ expected_total_cents: '259998' })
  expect(await fetchCheckoutForm(visitor)).toMatchObject({ expected_total_cents: '259998' })
})

test('the largest cart of a guest fits into the cookie', async () => {
  const shop = await openFrontend()
  const { token } = await signIn(shop, 'admin', 'admin123')
  const visitor = shop.browser()
  for (let n = 1; n <= 10; n++) await addToCart(visitor, n, 9)
  expect(visitor.cookies.get('session')?.length).toBeLessThan(1500)
  expect(token).toBeString()
})

test('an addition with an unknown outcome keeps its form, and a retry adds once', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  const form = { ...hiddenFields((await visitor.get('/product/laptop-pro')).html, '/cart/add'), quantity: '2' }
  await visitor.post('/cart/add', form)
  shop.unreachable.add('order-service')

  const failed = await visitor.post('/cart/add', form)

  expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '5'])
  expect(failed.html).toContain('Vous pouvez réessayer sans risque')
  expect(hiddenFields(failed.html, '/cart/add')).toEqual(form)
  shop.unreachable.clear()
  const retried = await visitor.post('/cart/add', hiddenFields(failed.html, '/cart/add'))
  expect(retried.location).toBe('/product/laptop-pro')
  expect(count((await visitor.get('/')).html)).toBe('2')
})

test('a cart that has more than the stock says so before the payment', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  await addToCart(visitor, 1, 5)
  const admin = await signIn(shop, 'admin', 'admin123')
  await shop.products.request(`/api/product/${productId(1)}`, jsonRequest('PATCH', { stock: 2 }, admin))

  const { html } = await visitor.get('/checkout')
  expect(html).toContain('Stock insuffisant\u00a0: Laptop Pro')
  expect(html).toContain('Plus que 2 en stock')
  const refused = await visitor.post(`/cart/update/${productId(1)}`, { quantity: 3 }, { Accept: 'application/json' })
  expect([refused.status, JSON.parse(refused.html).message]).toEqual([
    409,
    'Il ne reste que 2\u00a0exemplaires de cet article, et votre panier en contient 5.',
  ])
  const saved = await visitor.post(`/cart/update/${productId(1)}`, { quantity: 2 })
  expect((await visitor.follow(saved)).html).not.toContain('Stock insuffisant')
})

test('the page of one shopper does not pay the cart of another', async () => {
  const { shop, visitor: first } = await openSignedInFrontend()
  await addToCart(first)
  const stale = await fetchCheckoutForm(first)
  const second = shop.browser()
  await second.signUp()
  await addToCart(second)

  const refused = await second.post(checkoutPath, stale)
  const mixed = await second.post(checkoutPath, { ...(await fetchCheckoutForm(second)), cart_id: stale.cart_id ?? '' })

  for (const response of [refused, mixed]) {
    expect(response.location).toBe('/checkout')
    expect(shop.recording.spans().filter(({ name }) => name === 'checkout_process')).not.toBeEmpty()
  }
  expect((await second.follow(refused)).html).toContain('rien n’a été payé')
  expect(shop.recording.logs('checkout.completed')).toEqual([])
  expect(shop.recording.span('checkout_process')).toHaveAttributes({ 'process.status': 'cart_changed' })
  expect((await second.post(checkoutPath, await fetchCheckoutForm(second))).location).toStartWith('/order/thank-you')
})
