import { recordTelemetry } from '@vitrine/telemetry/testing'
import type { Hono } from 'hono'
import { z } from 'zod'
import { createConsole } from '../../console/app'
import { createLogServer } from '../../console/log-server/app'
import { openStore } from '../../console/store'
import { createFrontendApp } from '../../services/frontend/app'
import { createOrderApp } from '../../services/order/app'
import { createProductApp } from '../../services/product/app'
import { createUserApp } from '../../services/user/app'
import { requestSchemas } from '../../src/validate-request'
import { createAlertReceiver } from '../../stack/alert-receiver/app'
import { code, table } from './markdown'
import { routeMeanings } from './route-meanings'

const intro = `# Routes

The HTTP routes of every program, with the parts of a request that are validated. \`bun run generate\` writes this page from the Hono apps and from \`docs/reference/route-meanings.ts\`.

A failed request to a JSON service gets a problem ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)) with a [code](problems.md). Each JSON service publishes all this, with the responses, as OpenAPI 3.1 at \`/openapi.json\` and as a page at \`/docs\`. A name with \`?\` is optional.
`

/** Every route of every program. */
export function routesPage(): string {
  return [
    intro,
    common('every service'),
    common('every JSON service'),
    ...Object.entries(createApps()).map(([name, app]) => section(name, app as unknown as Hono)),
  ].join('\n')
}

function common(name: string): string {
  const rows = Object.entries(routeMeanings[name] ?? {}).map(([route, meaning]) => [code(route), meaning])
  return `## E${name.slice(1)}\n\n${table(['route', 'meaning'], rows)}`
}

function createApps() {
  const telemetry = recordTelemetry().telemetry('docs')
  // Routes are read and never called, so that nothing needs a database or another service.
  const unused = {} as never
  const service = { telemetry, serviceKey: 'unused', database: unused, users: unused, products: unused, orders: unused }
  return {
    frontend: createFrontendApp({ ...service, sessionSecret: 'unused', faults: undefined }),
    'user-service': createUserApp(service),
    'product-service': createProductApp(service),
    'order-service': createOrderApp(service),
    console: createConsole({ store: openStore() }),
    'log server': createLogServer().app,
    'alert receiver': createAlertReceiver({ write() {} }),
  }
}

function section(name: string, app: Hono): string {
  const meanings = routeMeanings[name] ?? {}
  const found = app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)
  const shared = {
    ...((name.endsWith('service') || name === 'frontend') && routeMeanings['every service']),
    ...(name.endsWith('service') && routeMeanings['every JSON service']),
  }
  const routes = [...new Set(found)].filter((route) => !(route in shared))
  const rows = routes.map((route) => {
    const meaning = meanings[route]
    if (meaning === undefined) throw new Error(`docs/reference/route-meanings.ts does not describe ${route} of ${name}`)
    return [code(route), requestOf(app, route), meaning]
  })
  const unknown = Object.keys(meanings).filter((route) => !routes.includes(route))
  if (unknown.length > 0)
    throw new Error(`docs/reference/route-meanings.ts: ${name} has no route ${unknown.join(', ')}`)
  const hasRequests = rows.some(([, request]) => request !== '')
  return `## ${name}\n\n${
    hasRequests
      ? table(['route', 'request', 'meaning'], rows)
      : table(
          ['route', 'meaning'],
          rows.map(([route = '', , meaning = '']) => [route, meaning]),
        )
  }`
}

/** The validated parts of a route’s requests. */
function requestOf(app: Hono, route: string): string {
  const schemas = app.routes
    .filter(({ method, path }) => `${method} ${path}` === route)
    .flatMap(({ handler }) => Object.entries(requestSchemas.get(handler) ?? {}))
  return schemas
    .filter(([part]) => part !== 'param')
    .map(([part, schema]) => `${part === 'json' ? 'body' : part}: ${fieldsOf(schema)}`)
    .join('; ')
}

/** `limit?` integer, `id` uuid. @throws Error for a field without a type in JSON Schema, such as `z.any()` */
export function fieldsOf(schema: z.ZodType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' })
  return Object.entries(properties)
    .map(([name, property]) => {
      const title = code(required.includes(name) ? name : `${name}?`)
      return `${title} ${typeOf(name, property as Property)}`
    })
    .join(', ')
}

interface Property {
  type?: string
  format?: string
  anyOf?: Property[]
}

/** `integer`, `uuid`, `integer or null`. */
function typeOf(name: string, property: Property): string {
  const { type, format, anyOf } = property
  if (anyOf) return anyOf.map((one) => typeOf(name, one)).join(' or ')
  if (!type) throw new Error(`docs/reference/routes.ts finds no type of "${name}" in ${JSON.stringify(property)}`)
  return format && type === 'string' ? format : type
}
