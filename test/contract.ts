import Ajv, { type ValidateFunction } from 'ajv/dist/2020'
import type { Hono } from 'hono'
import type { ServiceContract } from '../src/openapi/contract'
import { isDescribed, type OpenApiDocument, type Operation, openApiDocument } from '../src/openapi/document'
import type { Refusals } from '../src/problem'

export interface Contract {
  contract: ServiceContract
  refusals: Refusals
}

/**
 * Compares every response of a service with its OpenAPI document.
 * @returns the differences so far, each with what to change
 */
export function checkResponses(app: Hono, { contract, refusals }: Contract): string[] {
  const differences: string[] = []
  const validator = validators.get(contract) ?? responseValidator(openApiDocument(app, contract, refusals))
  validators.set(contract, validator)
  const respond = app.fetch
  app.fetch = async (request, ...rest) => {
    const response = await respond(request, ...rest)
    const difference = await validator(request, response.clone() as Response)
    if (difference) differences.push(`${request.method} ${new URL(request.url).pathname}: ${difference}`)
    return response
  }
  return differences
}

type Validator = (request: Request, response: Response) => Promise<string | undefined>

// The contract of a service is the same in each test: it is compiled once.
const validators = new WeakMap<ServiceContract, Validator>()

/** Finds how a response differs from a document. */
export function responseValidator(document: OpenApiDocument): Validator {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema({ $id: 'openapi', ...document })
  const compiled = new Map<string, ValidateFunction>()
  const operations = Object.entries(document.paths)
    // A fixed path comes before a path with a parameter that matches it.
    .toSorted(([a], [b]) => Number(a.includes('{')) - Number(b.includes('{')))
    .map(([path, methods]) => ({ path, methods, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }))
  const name = document.info.title.replace('-service', '')

  return async (request, response) => {
    const path = pathOf(request.url)
    if (!isDescribed({ path })) return undefined
    const method = request.method === 'HEAD' ? 'get' : request.method.toLowerCase()
    const found = operations.find(({ pattern, methods }) => pattern.test(path) && methods[method])
    const body = request.method === 'HEAD' ? '' : await response.text()
    if (!found) return differenceOfUnknown(response, body)
    const pointer = ['paths', found.path, method, 'responses', String(response.status)]
    return differenceOf(found.methods[method] as Operation, pointer, request, response, body)
  }

  function differenceOf(operation: Operation, pointer: string[], request: Request, response: Response, body: string) {
    const route = `'${request.method} ${pointer[1]?.replaceAll(/\{(\w+)\}/g, ':$1')}' in services/${name}/contract.ts`
    const described = operation.responses[response.status]
    if (!described)
      return `status ${response.status} with ${body.slice(0, 300)} is not described: add its code or status to ${route}`
    if (request.method === 'HEAD') return undefined
    const [type] = Object.keys(described.content ?? {})
    if (type === undefined)
      return body === '' ? undefined : `status ${response.status} has a body, but none in ${route}`
    if (response.headers.get('content-type') !== type)
      return `content-type ${response.headers.get('content-type')}, not ${type}`
    const difference = invalid([...pointer, 'content', type, 'schema'], body)
    return difference && `${difference}: see ${route}`
  }

  function differenceOfUnknown(response: Response, body: string): string | undefined {
    const isOptions = response.status === 204 && response.headers.has('allow')
    return isOptions || body === '' ? undefined : invalid(['components', 'schemas', 'Problem'], body)
  }

  function invalid(pointer: string[], body: string): string | undefined {
    const reference = `openapi#/${pointer.map(escapePointer).join('/')}`
    const validate = compiled.get(reference) ?? ajv.compile({ $ref: reference })
    compiled.set(reference, validate)
    return validate(JSON.parse(body)) ? undefined : `${ajv.errorsText(validate.errors)} in ${body.slice(0, 300)}`
  }
}

// Tests also send URLs that cannot be parsed.
const pathOf = (url: string) => URL.parse(url)?.pathname ?? ''

// Source: RFC 6901, and RFC 3986 for the fragment.
const escapePointer = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
