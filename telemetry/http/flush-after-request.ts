import type { Context } from 'hono'

/**
 * For platforms that freeze a process when it has answered: lets `executionCtx.waitUntil` wait for `flush`, which runs
 * when the request has ended and all that handlers asked to wait for has settled. Returns what to call when the request
 * has ended; nothing where there is no such context.
 */
export function flushAfterRequest(c: Context, flush: () => Promise<void>): (() => void) | undefined {
  const platform = executionContextOf(c)
  if (!platform) return undefined
  const ended = Promise.withResolvers<void>()
  const { waitUntil, work } = watched(platform)
  waitUntil(ended.promise.then(() => Promise.allSettled(work)).then(flush))
  return ended.resolve
}

interface Watched {
  waitUntil: Platform['waitUntil']
  /** What handlers have asked to wait for. */
  work: Promise<unknown>[]
}

const known = new WeakMap<Platform, Watched>()

/** Each context is watched once, however many requests share it; one that can't be changed does its work unwatched. */
function watched(platform: Platform): Watched {
  const before = known.get(platform)
  if (before) return before
  const waitUntil = platform.waitUntil.bind(platform)
  const made: Watched = { waitUntil, work: [] }
  known.set(platform, made)
  try {
    platform.waitUntil = (promise) => {
      made.work.push(promise)
      const forget = () => void made.work.splice(made.work.indexOf(promise), 1)
      Promise.resolve(promise).then(forget, forget)
      waitUntil(promise)
    }
  } catch {
    // Frozen.
  }
  return made
}

type Platform = Pick<Context['executionCtx'], 'waitUntil'>

// The getter throws where there is none.
function executionContextOf(c: Context): Platform | undefined {
  try {
    return c.executionCtx
  } catch {
    return undefined
  }
}
