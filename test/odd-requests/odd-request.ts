import fc from 'fast-check'
import type { OpenApiDocument, Operation } from '../../src/openapi/document'
import type { JsonSchema } from '../../src/openapi/json-schema'
import { fromSchema } from './from-schema'

export interface OddRequest {
  service: string
  /** Whose token the request carries; a text is a wrong token. */
  token: Role | string
  method: string
  /** Path and query. */
  path: string
  headers: Record<string, string>
  body?: string | undefined
}

export type Role = 'shopper' | 'admin'

/** Odd requests to one operation of a document: most reach its verb, all reach its validation. */
export function oddRequest(
  service: string,
  document: OpenApiDocument,
  [path, method]: [string, string],
  ids: string[],
): fc.Arbitrary<OddRequest> {
  const operation = document.paths[path]?.[method] as Operation
  const values = (part: string) =>
    fc.record(
      Object.fromEntries(
        operation.parameters
          .filter((parameter) => parameter.in === part)
          .map(({ name, schema }) => [name, fromSchema(resolve(schema), ids)]),
      ),
      { requiredKeys: [] },
    )
  const schema = operation.requestBody?.content['application/json']?.schema
  return fc
    .record({
      method: mostly(
        fc.constant(method.toUpperCase()),
        fc.constantFrom('HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'QUERY', 'PROPFIND'),
      ),
      segments: values('path'),
      query: values('query'),
      extra: mostly(
        fc.constant(''),
        fc.constantFrom('limit=1&limit=x', '&&=', 'q', 'cursor=', '%', '%ff=%ff', '__proto__=1', 'x[]=1&x[y]=2'),
      ),
      headers: values('header'),
      token: mostly(fc.constantFrom('shopper', 'admin'), fc.constantFrom(...wrongTokens)),
      body: schema
        ? body(resolve(schema), ids)
        : mostly(fc.constant(undefined), fc.constantFrom('', '{}', 'null', 'x')),
      type: mostly(
        fc.constant('application/json'),
        fc.constantFrom(
          '',
          'text/plain',
          'application/json; charset=utf-16',
          'application/problem+json',
          'application/jsonx',
          'multipart/form-data',
        ),
      ),
    })
    .map(({ method, segments, query, extra, headers, token, body, type }) => ({
      service,
      token,
      method,
      path: `${fillPath(path, segments)}?${[new URLSearchParams(asTexts(query)), extra].filter(String).join('&')}`,
      headers: asHeaders({ ...headers, ...(type && { 'content-type': type }) }),
      body: method === 'HEAD' || method === 'GET' ? undefined : body,
    }))

  function resolve(schema: JsonSchema): JsonSchema {
    const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined
    return name ? (document.components.schemas[name] as JsonSchema) : schema
  }
}

const mostly = <T>(most: fc.Arbitrary<T>, rest: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: most }, { weight: 1, arbitrary: rest })

const wrongTokens = ['', ' ', 'a b', 'unknown', 'x'.repeat(5000), '\u00e9']

function body(schema: JsonSchema, ids: string[]): fc.Arbitrary<string | undefined> {
  const json = fromSchema(schema, ids).map((value) => JSON.stringify(value))
  const broken = json.chain((text) => fc.nat(text.length).map((length) => text.slice(0, length)))
  const others = fc.constantFrom(
    '',
    'null',
    '[]',
    '0',
    '"x"',
    '\uFEFF{}',
    '{"a":1}{"b":2}',
    '['.repeat(5000),
    '{"__proto__":{"a":1}}',
    `{"x":"${'y'.repeat(70_000)}"}`,
  )
  return fc.oneof({ weight: 8, arbitrary: json }, { weight: 1, arbitrary: broken }, { weight: 1, arbitrary: others })
}

function fillPath(path: string, segments: Record<string, unknown>): string {
  return path.replaceAll(
    /\{(\w+)\}/g,
    (_all, name: string) => encodeURIComponent(asText(segments[name] ?? 'x').toWellFormed()) || '%20',
  )
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
const asTexts = (values: Record<string, unknown>) =>
  Object.entries(values).map(([name, value]): [string, string] => [name, asText(value).toWellFormed()])

// Bytes that a header cannot have do not arrive at a server either.
const asHeaders = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      asText(value)
        .replaceAll(/[^\x20-\x7e\x80-\xff]/g, '')
        .trim(),
    ]),
  )
