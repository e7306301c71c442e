import type { ExecutionContext } from 'hono'
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda'

/** What can be served: any Hono app. */
interface Servable {
  fetch(request: Request, env: object, context: ExecutionContext): Response | Promise<Response>
}

/**
 * A service as an AWS Lambda handler. hono's adapter knows no `executionCtx`; here it has one, and an invocation ends when
 * all that it was asked to wait for has settled: the flush of the request's telemetry, above all.
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
    const answer = await handle({ fetch: serve } as Parameters<typeof handle>[0])(event, context)
    // More may be asked for while these settle.
    for (let seen = 0; seen < pending.length; ) {
      seen = pending.length
      await Promise.allSettled(pending)
    }
    return answer
  }
}
