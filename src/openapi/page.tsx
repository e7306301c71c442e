import { readFileSync } from 'node:fs'
import type { FC } from 'hono/jsx'
import type { OpenApiDocument, Operation, Parameter } from './document'
import type { JsonSchema } from './json-schema'

const style = readFileSync(`${import.meta.dir}/page.css`, 'utf8')

/** The contract as a page without scripts and without requests, and its headers. */
export function contractPage(document: OpenApiDocument): { html: string; headers: Record<string, string> } {
  const hash = new Bun.CryptoHasher('sha256').update(style).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  return {
    html: `<!doctype html>${<ContractPage document={document} />}`,
    headers: { 'Content-Security-Policy': policy, 'Cache-Control': 'no-cache' },
  }
}

const ContractPage: FC<{ document: OpenApiDocument }> = ({ document: { info, paths, components } }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{info.title}</title>
      <style dangerouslySetInnerHTML={{ __html: style }} />
    </head>
    <body>
      <header>
        <h1>{info.title}</h1>
        <p>{info.description}</p>
        <p>
          This page shows <a href="/openapi.json">/openapi.json</a>, an OpenAPI 3.1 document.
        </p>
        <nav aria-label="Routes">
          <ul>
            {operationsOf(paths).map(([route, { operationId, summary }]) => (
              <li>
                <a href={`#${operationId}`}>
                  <code>{route}</code>
                </a>{' '}
                {summary}
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main>
        {operationsOf(paths).map(([route, operation]) => (
          <Route route={route} operation={operation} />
        ))}
        <h2>Schemas</h2>
        {Object.entries(components.schemas).map(([name, schema]) => (
          <section id={`schema-${name}`}>
            <h3>{name}</h3>
            <Schema schema={schema} />
          </section>
        ))}
      </main>
    </body>
  </html>
)

const operationsOf = (paths: OpenApiDocument['paths']): [string, Operation][] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  )

const Route: FC<{ route: string; operation: Operation }> = ({ route, operation }) => {
  const { operationId, summary, description, security, parameters, requestBody, responses } = operation
  const schemes = security.flatMap((scheme) => Object.keys(scheme))
  return (
    <section id={operationId}>
      <h2>
        <code>{route}</code>
      </h2>
      <p>
        {summary}. {description} {schemes.length > 0 && <>Requires {schemes.map(schemeText).join(', ')}.</>}
      </p>
      {parameters.length > 0 && <Parameters parameters={parameters} />}
      {requestBody && (
        <>
          <h3>Request body</h3>
          <Schema schema={schemaOf(requestBody.content)} />
        </>
      )}
      <h3>Responses</h3>
      <dl>
        {Object.entries(responses).map(([status, { description, content }]) => (
          <>
            <dt>{status}</dt>
            <dd>
              {description} {content && <Schema schema={schemaOf(content)} />}
            </dd>
          </>
        ))}
      </dl>
    </section>
  )
}

const schemeText = (scheme: string) => (scheme === 'token' ? 'a bearer token' : 'the service key')
const schemaOf = (content: Record<string, { schema: JsonSchema }>): JsonSchema =>
  Object.values(content)[0]?.schema ?? {}

const Parameters: FC<{ parameters: Parameter[] }> = ({ parameters }) => (
  <>
    <h3>Parameters</h3>
    <ul>
      {parameters.map((parameter) => (
        <li>
          <code>{parameter.name}</code> in {parameter.in}
          {parameter.required ? ', required' : ''}: {typeText(parameter.schema)} {parameter.description}
        </li>
      ))}
    </ul>
  </>
)

/** A schema as nested lists; a reference as a link. */
const Schema: FC<{ schema: JsonSchema }> = ({ schema }) => {
  const { $ref, allOf, items, properties, required = [] } = schema as Nested
  if ($ref) return <Reference to={$ref} />
  return (
    <>
      {allOf?.map((part) => (
        <Schema schema={part} />
      ))}
      {items && (
        <span>
          list of <Schema schema={items} />
        </span>
      )}
      {!properties && !items && !allOf && <span>{typeText(schema)}</span>}
      {properties && (
        <ul>
          {Object.entries(properties).map(([name, property]) => (
            <li>
              <code>{name}</code>
              {required.includes(name) ? '' : ' (optional)'}: <Schema schema={property} /> {property.description}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

interface Nested {
  $ref?: string
  allOf?: JsonSchema[]
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  required?: string[]
}

const Reference: FC<{ to: string }> = ({ to }) => {
  const name = to.replace('#/components/schemas/', '')
  return <a href={`#schema-${name}`}>{name}</a>
}

/** The type of a value with its bounds: `integer, 1 to 99`. */
function typeText({
  type,
  format,
  minimum,
  maximum,
  minLength,
  maxLength,
  pattern,
  default: preset,
  ...schema
}: JsonSchema): string {
  const values = (schema.enum ?? (schema.const === undefined ? undefined : [schema.const])) as unknown[] | undefined
  const anyOf = (schema.anyOf as JsonSchema[] | undefined)?.map(typeText).join(' or ')
  const kind = values ? values.map((value) => JSON.stringify(value)).join(', ') : (anyOf ?? format ?? type ?? 'any')
  return [
    kind,
    ...(minimum === undefined && maximum === undefined ? [] : [`${minimum ?? ''} to ${maximum ?? ''}`]),
    ...(minLength === undefined && maxLength === undefined
      ? []
      : [`${minLength ?? 0} to ${maxLength ?? ''} characters`]),
    ...(pattern === undefined || format !== undefined ? [] : [`pattern ${pattern}`]),
    ...(preset === undefined ? [] : [`default ${JSON.stringify(preset)}`]),
  ].join(', ')
}
