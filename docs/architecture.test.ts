import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { alerts } from '../observability/alerts'
import { createShopper } from '../stack/clients/shopper'
import { stackEndpoints } from '../stack/endpoints'
import { productId } from '../test/shop'
import { openFrontend } from '../test/storefront'

const page = readFileSync(`${import.meta.dir}/architecture.md`, 'utf8')
const all = (pattern: RegExp) => [...new Set([...page.matchAll(pattern)].map(([, found = '']) => found))]

test('every port is one of the shop’s or the stack’s', () => {
  const { databasePorts, ...places } = stackEndpoints()
  const known = [
    ...[5000, 5001, 5002, 5003],
    ...Object.values(databasePorts),
    ...Object.values(places).map((place) => (typeof place === 'number' ? place : Number(new URL(place).port))),
    // Grafana, which runs in containers only.
    3000,
  ]
  const ports = all(/:(\d{4,5})\b/g).map(Number)
  expect(ports.length).toBeGreaterThan(10)
  expect(ports.filter((port) => !known.includes(port))).toEqual([])
})

test('every row of « Where things are » leads to more', () => {
  const [section = ''] = page.split('## Where things are\n').slice(1)
  const rows = section.trim().split('\n').slice(2)
  expect(rows.length).toBeGreaterThan(10)
  expect(rows.filter((row) => row.split('|').at(-2)?.trim() === '')).toEqual([])
})

test('every alert is one', () => {
  const named = all(/`([A-Z]\w*(?:Down|Burn|Rate|Failing|Filling|Dropped|Failures))`/g)
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((name) => !alerts.some((alert) => alert.name === name))).toEqual([])
})

test('a click on « Ajouter au panier » does what its picture shows, and leaves behind what its table says', async () => {
  const { recording, frontend } = await openFrontend()
  const alice = createShopper('http://localhost:5000', (url, init) => frontend.request(url, init))
  await alice.register('alice')

  const { traceId } = await alice.post('/cart/add', { product_id: productId(9), quantity: 1 })

  // Whether one waits for a connection is the machine's affair.
  const waited = 'db.client.connection.wait'
  const spans = recording.spans().filter((span) => span.traceId === traceId && span.name !== waited)
  const steps = recording
    .tree(traceId)
    .split('\n')
    .map((line) => line.trim().replace('→ ', ''))
    // A call is drawn once, by what it is called where it arrives.
    .filter((step) => !/ (GET|POST)$/.test(step) && !step.endsWith(waited))
    .map((step) => step.slice(step.indexOf(' ') + 1))
  const [picture] = all(/sequenceDiagram\n([\s\S]*?)```/g)
  const drawn = (picture ?? '').matchAll(/\w->>\w: (\S+(?: \S+)?)/g)
  expect([...drawn].map(([, step]) => step ?? '')).toEqual(steps)
  expect(page).toContain(`5 + 4 + 12 = ${spans.length}`)
  expect(recording.logs().filter((log) => log.traceId === traceId)).toHaveLength(5)
  expect(await recording.metric('orders.created')).toBe(1)
  expect(await recording.metric('cart.items.added', { 'product.slug': 'souris-gaming' })).toBe(1)
})
