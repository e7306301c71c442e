import { expect, test } from 'bun:test'
import { hiddenFields } from '../../../stack/clients/hidden-fields'
import { productId } from '../../../test/shop'
import { addToCart, checkoutPath, fetchCheckoutForm, openSignedInFrontend } from '../../../test/storefront'

test.each([
  ['0', 'La quantité doit être un nombre entier de 1 à 99'],
  ['100', 'La quantité doit être un nombre entier de 1 à 99'],
  ['1e1', 'La quantité doit être un nombre entier de 1 à 99'],
  ['30', 'Il ne reste que 25\u00a0exemplaires de cet article'],
])('adding %s pieces shows an explanation', async (quantity, text) => {
  const { shop, visitor } = await openSignedInFrontend()
  await visitor.get('/product/laptop-pro')

  const refused = await visitor.post('/cart/add', { product_id: productId(1), quantity })

  expect([refused.status, refused.location]).toEqual([303, '/product/laptop-pro'])
  expect((await visitor.follow(refused)).html).toContain(text)
  expect(shop.recording.span('POST /cart/add').attributes['problem.code']).toBeString()
})

test('the navigation shows the number of pieces in the cart', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  const shown = (html: string) => /data-cart-count[^>]*>(\d+)</.exec(html)?.[1]
  await addToCart(visitor, 1, 2)
  await addToCart(visitor, 2, 3)
  expect(shown((await visitor.get('/')).html)).toBe('5')

  const removed = await visitor.post(`/cart/remove/${productId(2)}`)
  const recap = await visitor.follow(removed)

  expect(recap.html).toContain('Produit retiré du panier')
  expect(shown(recap.html)).toBe('2')
  await visitor.post(checkoutPath, hiddenFields(recap.html, checkoutPath))
  expect(shown((await visitor.get('/')).html)).toBe('0')
  expect(await shop.recording.metric('cart.items.added')).toBe(5)
})

test('the cart script saves a quantity and gets the new total', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  await addToCart(visitor)
  const update = (quantity: string) =>
    visitor.post(`/cart/update/${productId(1)}`, { quantity }, { Accept: 'application/json' })

  const saved = await update('2')
  const refused = await update('0')

  expect(saved.status).toBe(200)
  expect(JSON.parse(saved.html)).toMatchObject({ total_cents: 259998, total: '2\u202f599,98\u00a0€', items_count: 2 })
  expect([refused.status, JSON.parse(refused.html).message]).toEqual([
    422,
    'La quantité doit être un nombre entier de 1 à 99.',
  ])
  expect(await fetchCheckoutForm(visitor)).toMatchObject({ expected_total_cents: '259998' })
  expect(shop.recording.span('POST /cart/update/:productId')).toHaveAttributes({ 'problem.code': 'WRONG_QUANTITY' })
})
