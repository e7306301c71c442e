import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { jsonRequest, openShop, productId, type Shop, signIn } from '../../test/shop'
import type { Page as PageOf } from '../page'
import type { Product } from './product'
import { products as table } from './schema'
import { fillSearchColumns } from './search-columns'

type Page = PageOf<Product>

async function pageOf({ products }: Pick<Shop, 'products'>, query: string): Promise<Page> {
  const response = await products.request(`/api/products?${query}`)
  expect(response.status).toBe(200)
  return (await response.json()) as Page
}

const slugs = async (shop: Pick<Shop, 'products'>, query: string) =>
  (await pageOf(shop, query)).items.map(({ slug }) => slug)

/** All pages of a list. */
async function readAll(shop: Pick<Shop, 'products'>, query: string): Promise<Product[]> {
  const pages = [await pageOf(shop, query)]
  for (let cursor = pages[0]?.next_cursor; cursor; cursor = pages.at(-1)?.next_cursor) {
    pages.push(await pageOf(shop, `${query}&cursor=${encodeURIComponent(cursor)}`))
    expect(pages.length).toBeLessThan(20)
  }
  return pages.flatMap(({ items }) => items)
}

test.each([
  ['mecanique', ['clavier-mecanique']],
  ['MÉCANIQUE', ['clavier-mecanique']],
  ['Me\u0301canique', ['clavier-mecanique']],
  ['connect\u00c9e', ['montre-connectee']],
  // In the description of the laptop: "clavier silencieux"; all words must be there, in any order.
  ['clavier', ['laptop-pro', 'clavier-mecanique']],
  ['silencieux clavier', ['laptop-pro']],
  ['  silencieux   clavier  ', ['laptop-pro']],
  ['zzz', []],
  ['e '.repeat(50), expect.arrayContaining(['laptop-pro'])],
  ['%', []],
  ['_', []],
  ["'", []],
  ['100%', []],
  ['\\', []],
])('the search for %p finds %p', async (q, expected) => {
  const shop = await openShop()

  expect(await slugs(shop, `q=${encodeURIComponent(q)}`)).toEqual(expected)
  expect(shop.recording.span('SELECT products')).toHaveAttributes({ 'db.collection.name': 'products' })
})

test('a search without words finds everything', async () => {
  const shop = await openShop()

  expect(await slugs(shop, 'q=')).toHaveLength(10)
  expect(await slugs(shop, 'q=%20%20')).toHaveLength(10)
  // A combining accent alone is no letter.
  expect(await slugs(shop, 'q=%CC%81')).toHaveLength(10)
})

test('names are sorted without case and accents', async () => {
  const shop = await openShop()
  const { token } = await signIn(shop, 'admin', 'admin123')
  for (const name of ['écran', 'Ébène', 'eau', 'Zèbre']) {
    const product = { name, description: 'Un article', price_cents: 100, image: '/images/webcam-hd.svg' }
    expect((await shop.products.request('/api/product/create', jsonRequest('POST', product, { token }))).status).toBe(
      201,
    )
  }

  const names = (await readAll(shop, 'sort=name&limit=3')).map(({ name }) => name)

  expect(names.slice(0, 7)).toEqual([
    'Appareil Photo',
    'Casque Sans Fil',
    'Clavier Mécanique',
    'eau',
    'Ébène',
    'écran',
    'Enceinte Bluetooth',
  ])
  expect(names.at(-1)).toBe('Zèbre')
  expect(names).toHaveLength(14)
})

test.each(['name', 'price', '-price', 'newest', undefined])(
  'every product comes once, sorted by %s, also page by page',
  async (sort) => {
    const shop = await openShop()
    const { token } = await signIn(shop, 'admin', 'admin123')
    // Equal prices: the id decides.
    for (const n of [2, 5, 9]) {
      await shop.products.request(
        `/api/product/${productId(n)}`,
        jsonRequest('PATCH', { price_cents: 5000 }, { token }),
      )
    }
    const query = sort === undefined ? '' : `sort=${sort}&`
    const whole = (await pageOf(shop, `${query}limit=100`)).items

    for (const limit of [1, 3, 4, 10]) expect(await readAll(shop, `${query}limit=${limit}`)).toEqual(whole)

    expect(new Set(whole.map(({ id }) => id)).size).toBe(10)
    const prices = whole.map(({ price_cents }) => price_cents)
    if (sort === 'price') expect(prices).toEqual(prices.toSorted((a, b) => a - b))
    if (sort === '-price') expect(prices).toEqual(prices.toSorted((a, b) => b - a))
    if (sort === 'newest') expect(whole[0]?.id).toBe(productId(10))
  },
)

test('a list that changes while it is read repeats nothing', async () => {
  const shop = await openShop()
  const { token } = await signIn(shop, 'admin', 'admin123')
  const first = await pageOf(shop, 'sort=price&limit=4')
  // The last product of the page moves to the end, and the first is withdrawn.
  await shop.products.request(
    `/api/product/${first.items[3]?.id}`,
    jsonRequest('PATCH', { price_cents: 99_999_999 }, { token }),
  )
  await shop.products.request(`/api/product/${first.items[0]?.id}`, jsonRequest('DELETE', undefined, { token }))

  const rest = (await pageOf(shop, `sort=price&limit=9&cursor=${first.next_cursor}`)).items

  const seen = first.items.slice(0, 3).map(({ id }) => id)
  expect(rest.filter(({ id }) => seen.includes(id))).toEqual([])
  expect(rest).toHaveLength(7)
})

const nameCursor = Buffer.from(JSON.stringify(['name', 'webcam', productId(1)])).toString('base64url')
const cursorOf = (...position: unknown[]) => Buffer.from(JSON.stringify(position)).toString('base64url')

test.each([
  ['sort=bogus', 'sort'],
  ['sort=', 'sort'],
  ['sort=NAME', 'sort'],
  ['sort=--price', 'sort'],
  [`q=${'x'.repeat(101)}`, 'q'],
  ['cursor=', 'cursor'],
  ['cursor=garbage', 'cursor'],
  [`cursor=${productId(1)}x`, 'cursor'],
  [`cursor=${nameCursor}`, 'cursor'],
  [`sort=newest&cursor=${nameCursor}`, 'cursor'],
  [`sort=price&cursor=${nameCursor}`, 'cursor'],
  [`sort=price&cursor=${productId(1)}`, 'cursor'],
  [`sort=name&cursor=${nameCursor.slice(0, -3)}`, 'cursor'],
  [`sort=name&cursor=${cursorOf('name', 'webcam')}`, 'cursor'],
  [`sort=name&cursor=${cursorOf('name', 'webcam', 'x')}`, 'cursor'],
  [`sort=name&cursor=${cursorOf('name', 1, productId(1))}`, 'cursor'],
  [`sort=price&cursor=${cursorOf('price', '1', productId(1))}`, 'cursor'],
  [`sort=price&cursor=${cursorOf('price', 1.5, productId(1))}`, 'cursor'],
  [`sort=-price&cursor=${cursorOf('price', 1, productId(1))}`, 'cursor'],
  [`sort=price&cursor=${'x'.repeat(1001)}`, 'cursor'],
])('the list with %p is refused', async (query, field) => {
  const { products, recording } = await openShop()

  const response = await products.request(`/api/products?${query}`)

  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST', errors: [{ in: 'query', field }] })
  expect(recording.span('GET /api/products')).toHaveAttributes({ 'problem.code': 'INVALID_REQUEST' })
})

test('a cursor in upper case continues at the same product', async () => {
  const shop = await openShop()
  const after = (cursor: string) => slugs(shop, `cursor=${cursor}`)

  const id = '01930000-0000-7000-8000-00000000000a'
  expect(await after(id.toUpperCase())).toEqual(await after(id))
})

test('products of an older version are found after the start', async () => {
  const shop = await openShop()
  const { db } = shop.databases.product.database
  await db
    .update(table)
    .set({ searchText: null, sortName: '' })
    .where(eq(table.id, productId(8)))
  expect(await slugs(shop, 'q=mecanique')).toEqual([])

  await fillSearchColumns(db)

  expect(await slugs(shop, 'q=mecanique')).toEqual(['clavier-mecanique'])
  expect((await slugs(shop, 'sort=name'))[2]).toBe('clavier-mecanique')
})
