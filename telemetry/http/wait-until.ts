import type { Context } from 'hono'

/**
 * For platforms that freeze a process when it has answered: lets `executionCtx.waitUntil` wait for `flush`, which runs
 * when the request has ended and all that handlers asked to wait for has settled. Returns what to call when the request
 * has ended; nothing where there is no such context.
 */
export function afterAll(c: Context, flush: () => Promise<void>): (() => void) | undefined {
  const platform = executionContextOf(c)
  if (!platform) return undefined
  const ended = Promise.withResolvers<void>()
  const work: Promise<unknown>[] = []
  const waitUntil = platform.waitUntil.bind(platform)
  waitUntil(ended.promise.then(() => Promise.allSettled(work)).then(flush))
  platform.waitUntil = (promise) => {
    work.push(promise)
    waitUntil(promise)
  }
  return ended.resolve
}

// The getter throws where there is none.
function executionContextOf(c: Context): Pick<Context['executionCtx'], 'waitUntil'> | undefined {
  try {
    return c.executionCtx
  } catch {
    return undefined
  }
}
