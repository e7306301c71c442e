import type { Hono } from 'hono'
import { jsonWithEtag } from '../etag'
import type { Refusals } from '../problem'
import type { ServiceContract } from './contract'
import { openApiDocument } from './document'
import { contractPage } from './page'

/** The routes that show the contract: `/` has its address, `/openapi.json` is for programs and `/docs` for people. */
export function publishContract(app: Hono, contract: ServiceContract, refusals: Refusals): void {
  const { title, description } = contract
  // Created at the first request, when all routes are there.
  const document = once(() => openApiDocument(app, contract, refusals))
  const page = once(() => contractPage(document()))

  app.get('/', (c) => {
    c.header('Link', '</openapi.json>; rel="service-desc", </docs>; rel="service-doc", </health>; rel="status"')
    return jsonWithEtag(c, {
      title,
      description,
      openapi: '/openapi.json',
      docs: '/docs',
      health: '/health',
      ready: '/ready',
    })
  })
  app.get('/openapi.json', (c) => jsonWithEtag(c, document()))
  app.get('/docs', (c) => c.html(page().html, 200, page().headers))
}

function once<T>(create: () => T): () => T {
  let created: T | undefined
  return () => {
    created ??= create()
    return created
  }
}
