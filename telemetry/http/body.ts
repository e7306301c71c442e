import type { Context } from 'hono'

/**
 * Whether the body of an answer that a handler made by hand, with `new Response()` or `fetch()`, is still to come. Looking
 * at `body` would cost a body that is there its fast way out and its type, so on Bun the answer is asked how it looks.
 */
export function isStreamed(response: Response): boolean {
  if (!process.versions.bun) return response.body !== null
  return response.url !== '' || /^ {2}ReadableStream /m.test(Bun.inspect(response))
}

/**
 * Notes when a handler makes its answer from a stream, through `c.body()` or what is built on it: hono's `stream()`,
 * `streamText()`, `streamSSE()`, streamed JSX.
 */
export function watchForStreams(c: Context): () => boolean {
  let isStream = false
  const { body, newResponse } = c
  const noting =
    <A extends unknown[], R>(make: (...args: A) => R) =>
    (...args: A): R => {
      if (args[0] instanceof ReadableStream) isStream = true
      return make(...args)
    }
  c.body = noting(body as (...args: unknown[]) => unknown) as typeof body
  c.newResponse = noting(newResponse as (...args: unknown[]) => unknown) as typeof newResponse
  return () => isStream
}

/** How a streamed body came to its end, where it was not sent whole. */
export type BodyEnd = 'aborted' | { error: unknown } | undefined

/** The same answer; `onEnd` is called once, when its body has been sent, was given up by the client, or broke. */
export function untilSent(response: Response, body: ReadableStream<Uint8Array>, onEnd: (end: BodyEnd) => void): Response {
  const reader = body.getReader()
  const watched = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) return controller.enqueue(value)
        controller.close()
        onEnd(undefined)
      } catch (error) {
        controller.error(error)
        onEnd({ error })
      }
    },
    cancel(reason) {
      onEnd('aborted')
      return reader.cancel(reason)
    },
  })
  return new Response(watched, response)
}
