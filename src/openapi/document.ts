import type { Hono } from 'hono'
import { commonRefusals, type Refusals } from '../problem'
import { serviceKeyHeader } from '../service-key'
import { type RequestSchemas, requestSchemas } from '../validate-request'
import { type RouteContract, type Security, type ServiceContract, securityOf } from './contract'
import { type JsonSchema, jsonSchema } from './json-schema'

/** An OpenAPI document. Source: OpenAPI 3.1.1. */
export interface OpenApiDocument {
  openapi: '3.1.1'
  info: { title: string; version: string; description: string }
  servers: { url: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, JsonSchema> }
}

export interface Operation {
  operationId: string
  summary: string
  description?: string
  security: Record<string, string[]>[]
  parameters: Parameter[]
  requestBody?: { required: true; content: Content }
  responses: Record<string, { description: string; content?: Content }>
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: JsonSchema
}

type Content = Record<string, { schema: JsonSchema }>

/** The routes that a contract describes: `/health`, `/ready` and the routes that show the contract are every service's. */
export const isDescribed = ({ path }: { path: string }) => path.startsWith('/api/')

/**
 * The OpenAPI document of a service, from its routes, their middleware and its contract.
 * @throws Error for a route without a contract, and for a contract without a route
 */
export function openApiDocument(app: Pick<Hono, 'routes'>, contract: ServiceContract, own: Refusals): OpenApiDocument {
  const refusals: Refusals = { ...commonRefusals, ...own }
  const schemas: Record<string, JsonSchema> = { Problem: problem, InvalidRequest: invalidRequest }
  const routes = routesOf(app)
  const undescribed = [...routes.keys()].filter((route) => !contract.routes[route])
  if (undescribed.length > 0) throw new Error(`the contract of ${contract.title} does not describe ${undescribed}`)
  const gone = Object.keys(contract.routes).filter((route) => !routes.has(route))
  if (gone.length > 0) throw new Error(`the contract of ${contract.title} describes what has no route: ${gone}`)

  const paths: OpenApiDocument['paths'] = {}
  for (const [route, facts] of routes) {
    const path = template(facts.path)
    paths[path] ??= {}
    paths[path][facts.method.toLowerCase()] = operation(path, facts, contract.routes[route] as RouteContract)
  }
  const { title, description } = contract
  return {
    openapi: '3.1.1',
    info: { title, version: '1.0.0', description },
    servers: [{ url: '/' }],
    paths,
    components: { schemas, securitySchemes },
  }

  // Two templates of the same shape would be one path: the names of the first apply.
  function template(path: string): string {
    const own = path.replaceAll(/:(\w+)/g, '{$1}')
    return Object.keys(paths).find((other) => shapeOf(other) === shapeOf(own)) ?? own
  }

  function operation(path: string, facts: RouteFacts, { summary, responses, codes = [] }: RouteContract): Operation {
    const { json } = facts.request
    const body = json && { 'application/json': { schema: jsonSchema(json, 'input', schemas) } }
    return {
      operationId: operationId(facts),
      summary,
      ...(facts.security === 'admin' && { description: 'For administrators.' }),
      security: facts.security ? [{ [schemeOf[facts.security]]: [] }] : [],
      parameters: parameters(path, facts, schemas),
      ...(body && { requestBody: { required: true, content: body } }),
      responses: {
        ...Object.fromEntries(Object.entries(responses).map(([status, schema]) => [status, success(status, schema)])),
        ...failures([...codesOf(facts), ...codes]),
      },
    }
  }

  function success(status: string, schema: RouteContract['responses'][number]) {
    const description = successes[status] ?? 'Success'
    return schema
      ? { description, content: { 'application/json': { schema: jsonSchema(schema, 'output', schemas) } } }
      : { description }
  }

  function failures(codes: string[]): Operation['responses'] {
    const unknown = codes.filter((code) => !refusals[code])
    if (unknown.length > 0)
      throw new Error(`the contract of ${contract.title} names ${unknown}, which it does not declare`)
    const byStatus = Object.groupBy([...new Set([...codes, ...anyRequest])].sort(), (code) =>
      String(refusals[code]?.[0]),
    )
    return Object.fromEntries(Object.entries(byStatus).map(([status, codes = []]) => [status, failure(status, codes)]))
  }

  function failure(status: string, codes: string[]): Operation['responses'][string] {
    const base = { $ref: `#/components/schemas/${codes.includes('INVALID_REQUEST') ? 'InvalidRequest' : 'Problem'}` }
    const own = { properties: { status: { const: Number(status) }, code: { enum: codes } } }
    const titles = [...new Set(codes.map((code) => refusals[code]?.[1]))]
    return {
      description: titles.join('; '),
      content: { 'application/problem+json': { schema: { allOf: [base, own] } } },
    }
  }
}

interface RouteFacts {
  method: string
  path: string
  request: RequestSchemas
  security?: Security | undefined
}

/** The routes of an app, with the schemas and the security of their middleware. */
function routesOf(app: Pick<Hono, 'routes'>): Map<string, RouteFacts> {
  const routes = new Map<string, RouteFacts>()
  for (const { method, path, handler } of app.routes.filter((route) => route.method !== 'ALL' && isDescribed(route))) {
    const facts = routes.get(`${method} ${path}`) ?? { method, path, request: {} }
    Object.assign(facts.request, requestSchemas.get(handler))
    facts.security ??= securityOf.get(handler)
    routes.set(`${method} ${path}`, facts)
  }
  return routes
}

const shapeOf = (template: string) => template.replaceAll(/\{\w+\}/g, '{}')

function parameters(template: string, { path, request }: RouteFacts, schemas: Record<string, JsonSchema>): Parameter[] {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const own = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const param = propertiesOf(request.param)
  const inPath = names.map((name, index): Parameter => {
    const schema = param.find((property) => property.name === own[index])?.schema ?? { type: 'string' }
    return { name, in: 'path', required: true, schema }
  })
  const others = (['query', 'header'] as const).flatMap((part) =>
    propertiesOf(request[part]).map((property): Parameter => ({ in: part, ...property })),
  )
  return [...inPath, ...others]

  function propertiesOf(schema: RequestSchemas['query']) {
    const { properties = {}, required = [] } = (schema ? jsonSchema(schema, 'input', schemas) : {}) as Shape
    return Object.entries(properties).map(([name, { description, ...property }]) => ({
      name,
      required: required.includes(name),
      ...(typeof description === 'string' && { description }),
      schema: property,
    }))
  }
}

interface Shape {
  properties?: Record<string, JsonSchema>
  required?: string[]
}

/** The codes of the middleware of a route. */
function codesOf({ request, security }: RouteFacts): string[] {
  return [
    ...(request.json ? ['MALFORMED_JSON', 'UNSUPPORTED_MEDIA_TYPE'] : []),
    ...(security === 'token' || security === 'admin' ? ['UNAUTHENTICATED'] : []),
    ...(security === 'admin' || security === 'service-key' ? ['FORBIDDEN'] : []),
  ]
}

// Every common code that no property of the route decides: an invalid Host, a body over the limit, a failure, overload.
const decided = [
  'MALFORMED_JSON',
  'UNSUPPORTED_MEDIA_TYPE',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
]
const anyRequest = Object.keys(commonRefusals).filter((code) => !decided.includes(code))

const operationId = ({ method, path }: RouteFacts): string =>
  [method.toLowerCase(), ...path.split(/[^A-Za-z0-9]+/).filter((part) => part !== '' && part !== 'api')]
    .map((part, index) => (index === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1)))
    .join('')

const successes: Record<string, string> = {
  200: 'Success',
  201: 'Created',
  204: 'Success, without a body',
  304: 'Unchanged since the response with this `ETag`',
}

const schemeOf = { token: 'token', admin: 'token', 'service-key': 'serviceKey' } as const
const securitySchemes = {
  token: { type: 'http', scheme: 'bearer', description: 'The token of `POST /api/user/login`' },
  serviceKey: { type: 'apiKey', in: 'header', name: serviceKeyHeader, description: 'For calls between the services' },
}

// Source: RFC 9457.
const problem = {
  type: 'object',
  description: 'Why the request failed (RFC 9457). Some codes have more members',
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', description: 'For programs; `docs/reference/problems.md` lists the codes' },
    traceId: { type: 'string', description: 'The id to quote, also in `X-Trace-Id`' },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'traceId'],
}
const invalidRequest = {
  allOf: [{ $ref: '#/components/schemas/Problem' }],
  properties: {
    errors: {
      type: 'array',
      description: 'With `INVALID_REQUEST`: each wrong field',
      items: {
        type: 'object',
        properties: {
          in: { enum: ['param', 'query', 'header', 'json'] },
          field: { type: 'string' },
          detail: { type: 'string' },
        },
        required: ['in', 'field', 'detail'],
      },
    },
  },
}
