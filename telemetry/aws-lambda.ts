import type { ExecutionContext } from 'hono'
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda'
import { waitWithTimeout } from './wait-with-timeout'

/** What can be served: any Hono app. */
interface Servable {
  fetch(request: Request, env: object, context: ExecutionContext): Response | Promise<Response>
}

// Without a word from Lambda, and before it ends an invocation by itself.
const usualMs = 10_000
const reserveMs = 100

/**
 * An app as an AWS Lambda handler. hono's adapter knows no `executionCtx`; here it has one, and an invocation ends when all
 * that it was asked to wait for has settled, the flush of the request's telemetry above all, or when its time is nearly
 * over. Throws what hono's adapter throws, after that.
 */
export function lambdaHandler(app: Servable) {
  return async (event: LambdaEvent, context?: LambdaContext) => {
    const pending: Promise<unknown>[] = []
    const platform = {
      waitUntil: (work: Promise<unknown>) => void pending.push(work),
      passThroughOnException() {},
      props: {},
    }
    const serve = (request: Request, env: object) => app.fetch(request, env, platform)
    try {
      return await handle({ fetch: serve } as Parameters<typeof handle>[0])(event, context)
    } finally {
      const leftMs = context?.getRemainingTimeInMillis?.() ?? usualMs
      await waitWithTimeout(leftMs - reserveMs, allOf(pending))
    }
  }
}

// More may be asked for while these settle.
async function allOf(pending: Promise<unknown>[]): Promise<void> {
  for (let seen = 0; seen < pending.length; ) {
    seen = pending.length
    await Promise.allSettled(pending)
  }
}
