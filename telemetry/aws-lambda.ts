import type { ExecutionContext } from 'hono'
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda'
import { waitWithTimeout } from './wait-with-timeout'

/** The part of a Hono app that the handler needs. */
interface HonoApp {
  fetch(request: Request, env: object, context: ExecutionContext): Response | Promise<Response>
}

// The timeout without a Lambda context; and the reserve before Lambda aborts the invocation.
const defaultTimeoutMs = 10_000
const reserveMs = 100

/**
 * Turns an app into an AWS Lambda handler with an `executionCtx`, which Hono's adapter lacks. An invocation ends when all
 * promises passed to `waitUntil` have settled, such as the export of the request's telemetry, or 100 ms before its timeout.
 * @throws the errors of Hono's adapter.
 */
export function lambdaHandler(app: HonoApp) {
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
      const remainingMs = context?.getRemainingTimeInMillis?.() ?? defaultTimeoutMs
      await waitWithTimeout(remainingMs - reserveMs, settleAll(pending))
    }
  }
}

// More promises may be added while these settle.
async function settleAll(pending: Promise<unknown>[]): Promise<void> {
  for (let settled = 0; settled < pending.length; ) {
    settled = pending.length
    await Promise.allSettled(pending)
  }
}
