import { describe, expect, test } from 'bun:test'
import { recordTelemetry } from '@vitrine/telemetry/testing'
import { z } from 'zod'
import { openShop } from '../../test/shop'
import { createService } from '../service'
import { validateRequest } from '../validate-request'
import { type ServiceContract, secured } from './contract'
import type { OpenApiDocument } from './document'

const services = ['users', 'products', 'orders'] as const

async function fetchDocument(name: (typeof services)[number]): Promise<OpenApiDocument> {
  const shop = await openShop()
  const response = await shop[name].request('/openapi.json')
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
  return (await response.json()) as OpenApiDocument
}

describe.each(services)('the contract of %s', (name) => {
  test('describes each route once, with all of its references', async () => {
    const document = await fetchDocument(name)

    expect(document.openapi).toBe('3.1.1')
    const shapes = Object.keys(document.paths).map((path) => path.replaceAll(/\{\w+\}/g, '{}'))
    expect(new Set(shapes).size).toBe(shapes.length)
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
    expect(operations.length).toBeGreaterThan(3)
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
    for (const { responses, security } of operations) {
      const statuses = Object.keys(responses)
      expect(statuses.some((status) => status.startsWith('2'))).toBeTrue()
      expect(statuses).toContain('503')
      if (security.some((scheme) => 'token' in scheme)) expect(statuses).toContain('401')
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, to]) => to,
    )
    expect(references.filter((to = '') => !document.components.schemas[to])).toEqual([])
    expect(JSON.stringify(document)).not.toContain('$defs')
  })

  test('is found from /', async () => {
    const shop = await openShop()

    const response = await shop[name].request('/')

    expect(await response.json()).toMatchObject({ openapi: '/openapi.json', docs: '/docs' })
    expect(response.headers.get('link')).toContain('</openapi.json>; rel="service-desc"')
    expect(shop.recording.span('GET /')).toHaveAttributes({ 'http.response.status_code': 200 })
  })

  test('is a page that loads nothing and runs nothing', async () => {
    const shop = await openShop()
    const document = await fetchDocument(name)

    const response = await shop[name].request('/docs')
    const html = await response.text()

    expect(response.headers.get('content-type')).toContain('text/html')
    for (const path of Object.keys(document.paths)) expect(html).toContain(path)
    for (const schema of Object.keys(document.components.schemas)) expect(html).toContain(`id="schema-${schema}"`)
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|https?:\/\/|\bstyle=|\son\w+=/)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toStartWith("default-src 'none'")
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(html) ?? []
    expect(policy).toContain(`'sha256-${new Bun.CryptoHasher('sha256').update(style).digest('base64')}'`)
    // Each link of the page leads to something on it, or to the document.
    const targets = [...html.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href)
    expect(targets.filter((href) => href !== '/openapi.json' && !html.includes(`id="${href.slice(1)}"`))).toEqual([])
  })
})

function openSmall(contract: ServiceContract) {
  return createService({
    telemetry: recordTelemetry().telemetry('small'),
    serviceKey: 'key',
    contract,
    refusals: { SOLD: [409, 'It is sold'] },
  })
}

const routes = {
  'POST /api/things/:id': { summary: 'Changes a thing', responses: { 200: z.object({}) }, codes: ['SOLD'] },
}
const small = { title: 'small', description: 'Small', routes }

test('an operation has what its middleware and its contract say', async () => {
  const body = z.object({ size: z.int().min(1) })
  const admin = secured('admin', (_c, next) => next())
  const app = openSmall(small).post(
    '/api/things/:id',
    admin,
    validateRequest({ json: body, param: z.object({ id: z.uuid() }) }),
    (c) => c.json({}),
  )

  const document = (await (await app.request('/openapi.json')).json()) as OpenApiDocument

  const operation = document.paths['/api/things/{id}']?.post
  expect(operation).toMatchObject({
    operationId: 'postThingsId',
    summary: 'Changes a thing',
    security: [{ token: [] }],
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
  })
  expect(operation?.requestBody?.content['application/json']?.schema).toMatchObject({ required: ['size'] })
  expect(Object.keys(operation?.responses ?? {})).toEqual(
    expect.arrayContaining(['200', '400', '401', '403', '409', '413', '415', '500', '503']),
  )
  expect(JSON.stringify(operation?.responses[400])).toContain('"enum":["INVALID_REQUEST","MALFORMED_JSON"]')
})

test('templates of the same shape are one path', async () => {
  const contract = {
    ...small,
    routes: { ...routes, 'GET /api/things/:slugOrId': { summary: 'A thing', responses: { 200: z.object({}) } } },
  }
  const app = openSmall(contract)
  app.get('/api/things/:slugOrId', (c) => c.json({}))
  app.post('/api/things/:id', (c) => c.json({}))

  const { paths } = (await (await app.request('/openapi.json')).json()) as OpenApiDocument

  expect(Object.keys(paths)).toEqual(['/api/things/{slugOrId}'])
  expect(paths['/api/things/{slugOrId}']?.post?.parameters).toEqual([
    { name: 'slugOrId', in: 'path', required: true, schema: { type: 'string' } },
  ])
})

test.each([
  ['a route without a contract', { ...small, routes: {} }],
  [
    'a contract without a route',
    { ...small, routes: { ...routes, 'GET /api/nothing': { summary: '', responses: {} } } },
  ],
  [
    'an unknown code',
    { ...small, routes: { 'POST /api/things/:id': { ...routes['POST /api/things/:id'], codes: ['NEVER'] } } },
  ],
])('%s is an error', async (_what, contract) => {
  const app = openSmall(contract)
  app.post('/api/things/:id', (c) => c.json({}))

  expect((await app.request('/openapi.json')).status).toBe(500)
})
