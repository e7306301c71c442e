import type { Context, Env, MiddlewareHandler } from 'hono'
import type { z } from 'zod'
import { DomainError } from './problem'

/** The schemas of a route, one for each part of the request. */
export interface RequestSchemas {
  param?: z.ZodType
  query?: z.ZodType
  header?: z.ZodType
  json?: z.ZodType
}

type Side<C extends RequestSchemas, K extends 'input' | 'output'> = {
  [Target in keyof C]: C[Target] extends z.ZodType
    ? K extends 'input'
      ? z.input<C[Target]>
      : z.output<C[Target]>
    : never
}

/** One entry of `errors` in an `INVALID_REQUEST` problem. */
export interface FieldError {
  in: keyof RequestSchemas
  field: string
  detail: string
}

/** The schemas of each `validateRequest` middleware, for `docs/reference/routes.md`. */
export const requestSchemas = new WeakMap<object, RequestSchemas>()

/**
 * Validates every part of a request before its handler runs: `c.req.valid('json')` is typed and trusted.
 * @throws DomainError `INVALID_REQUEST` with every wrong field of every part, `MALFORMED_JSON`, `UNSUPPORTED_MEDIA_TYPE`.
 */
export function validateRequest<C extends RequestSchemas, E extends Env, P extends string>(
  parts: C,
): MiddlewareHandler<E, P, { in: Side<C, 'input'>; out: Side<C, 'output'> }> {
  const validate: MiddlewareHandler<E, P, { in: Side<C, 'input'>; out: Side<C, 'output'> }> = async (c, next) => {
    const errors: FieldError[] = []
    for (const target of Object.keys(parts) as (keyof RequestSchemas)[]) {
      const result = parts[target]?.safeParse(await read(c, target))
      if (result?.success) c.req.addValidatedData(target as 'json', result.data as object)
      for (const issue of result?.error?.issues ?? []) {
        errors.push({ in: target, field: issue.path.join('.'), detail: issue.message })
      }
    }
    if (errors.length > 0) throw new DomainError('INVALID_REQUEST', { detail: sentence(errors), errors })
    await next()
  }
  requestSchemas.set(validate, parts)
  return validate
}

async function read(c: Context, target: keyof RequestSchemas): Promise<unknown> {
  if (target === 'param') return c.req.param()
  if (target === 'query') return c.req.query()
  if (target === 'header') return c.req.header()
  const type = c.req.raw.headers.get('content-type') ?? ''
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) throw new DomainError('UNSUPPORTED_MEDIA_TYPE')
  const text = await c.req.text()
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DomainError('MALFORMED_JSON', {}, { cause })
  }
}

const sentence = (errors: FieldError[]) => errors.map(({ field, detail }) => `${field || 'body'}: ${detail}`).join('; ')
