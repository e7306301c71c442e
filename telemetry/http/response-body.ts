import type { Context } from 'hono'

/** How a handler created its response: with Hono's context, with it from a stream, or otherwise (`new Response()`). */
export type ResponseSource = 'context' | 'context-stream' | 'other'

/** Why a body was not sent completely: the client disconnected, or the stream failed. `undefined` for a complete body. */
export type BodyEnd = 'aborted' | { error: unknown } | undefined

/** Records in `exchange` how the response is created. All of Hono's helpers call one of these five methods. */
export function trackResponseSource(c: Context, exchange: { responseSource: ResponseSource }): void {
  const { body, newResponse, json, text, html } = c
  c.json = tracked(json)
  c.text = tracked(text)
  c.html = tracked(html)
  c.body = tracked(body)
  c.newResponse = tracked(newResponse)

  // biome-ignore lint/suspicious/noExplicitAny: Hono's overloads are passed on unchanged
  function tracked<F extends (...args: any[]) => any>(respond: F): F {
    return ((data: unknown, init: unknown, headers: unknown) => {
      exchange.responseSource = data instanceof ReadableStream ? 'context-stream' : 'context'
      return respond(data, init, headers)
    }) as F
  }
}

/** The body of a response that is still being streamed when the handlers have returned; `null` for any other. */
export function streamedBodyOf(c: Context, source: ResponseSource): ReadableStream<Uint8Array> | null {
  // Hono rebuilds responses to HEAD without a body, and those of HTTPExceptions from their body.
  if (source === 'context' || c.req.raw.method === 'HEAD' || hasOwnResponse(c.error)) return null
  return source === 'other' && (c.error !== undefined || !isStreamed(c.res)) ? null : c.res.body
}

const hasOwnResponse = (error: Error | undefined) => error !== undefined && 'getResponse' in error

// In Bun, reading `response.body` turns a buffered body into a stream, which is slower to send and loses its content type.
// `Bun.inspect` shows whether it is a stream without touching it.
function isStreamed(response: Response): boolean {
  if (!process.versions.bun) return response.body !== null
  return response.url !== '' || /^ {2}ReadableStream /m.test(Bun.inspect(response))
}

/** Wraps a response. `onEnd` is called once: when the body was sent, the client disconnected, or the stream failed. */
export function observeBodyEnd(
  response: Response,
  body: ReadableStream<Uint8Array>,
  onEnd: (end: BodyEnd) => void,
): Response {
  const reader = body.getReader()
  let isFinished = false
  const finish = (end: BodyEnd) => {
    if (isFinished) return
    isFinished = true
    onEnd(end)
  }
  const watched = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) return controller.enqueue(value)
        controller.close()
        finish(undefined)
      } catch (error) {
        controller.error(error)
        finish({ error })
      }
    },
    cancel(reason) {
      finish('aborted')
      return reader.cancel(reason)
    },
  })
  return new Response(watched, response)
}
