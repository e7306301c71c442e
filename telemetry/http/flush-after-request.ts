import type { Context } from 'hono'

/**
 * For platforms that freeze a process after its response: makes `executionCtx.waitUntil` wait for `flush`, which runs when
 * the request has ended and all promises that handlers passed to `waitUntil` have settled.
 * @returns a function to call when the request has ended; `undefined` if the platform has no execution context.
 */
export function flushAfterRequest(c: Context, flush: () => Promise<void>): (() => void) | undefined {
  const platform = executionContextOf(c)
  if (!platform) return undefined
  const ended = Promise.withResolvers<void>()
  const { waitUntil, pending } = watch(platform)
  waitUntil(ended.promise.then(() => Promise.allSettled(pending)).then(flush))
  return ended.resolve
}

interface WatchedContext {
  waitUntil: Platform['waitUntil']
  /** Promises of handlers that have not settled. */
  pending: Promise<unknown>[]
}

const cache = new WeakMap<Platform, WatchedContext>()

/** Wraps `waitUntil` of a context once, even if requests share it. The promises of a frozen context are not watched. */
function watch(platform: Platform): WatchedContext {
  const cached = cache.get(platform)
  if (cached) return cached
  const waitUntil = platform.waitUntil.bind(platform)
  const created: WatchedContext = { waitUntil, pending: [] }
  cache.set(platform, created)
  try {
    platform.waitUntil = (promise) => {
      created.pending.push(promise)
      const remove = () => void created.pending.splice(created.pending.indexOf(promise), 1)
      Promise.resolve(promise).then(remove, remove)
      waitUntil(promise)
    }
  } catch {
    // The context is frozen.
  }
  return created
}

type Platform = Pick<Context['executionCtx'], 'waitUntil'>

// Hono's getter throws if there is none.
function executionContextOf(c: Context): Platform | undefined {
  try {
    return c.executionCtx
  } catch {
    return undefined
  }
}
