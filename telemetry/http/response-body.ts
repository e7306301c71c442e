import type { Context } from 'hono'
import type { BodyEnd } from './exchange'

/** How a handler made its answer: through hono's context, from a stream or not; or by hand. */
export type ResponseSource = 'context' | 'context, from a stream' | 'hand'

/** Notes on `note` how the answer is made: hono's own helpers all go through these five. */
export function trackResponseSource(c: Context, note: { responseSource: ResponseSource }): void {
  const { body, newResponse, json, text, html } = c
  c.json = noting(json)
  c.text = noting(text)
  c.html = noting(html)
  c.body = noting(body)
  c.newResponse = noting(newResponse)

  // biome-ignore lint/suspicious/noExplicitAny: hono's overloads, handed on as they are
  function noting<F extends (...args: any[]) => any>(make: F): F {
    return ((data: unknown, init: unknown, headers: unknown) => {
      note.responseSource = data instanceof ReadableStream ? 'context, from a stream' : 'context'
      return make(data, init, headers)
    }) as F
  }
}

/** The body of an answer when it is still to come, after the handlers are done. */
export function streamedBodyOf(c: Context, madeBy: ResponseSource): ReadableStream<Uint8Array> | null {
  // hono answers HEAD requests anew, without a body, and exceptions that bring an answer of their own from its body.
  if (madeBy === 'context' || c.req.raw.method === 'HEAD' || bringsAnswer(c.error)) return null
  return madeBy === 'hand' && (c.error !== undefined || !isStreamed(c.res)) ? null : c.res.body
}

const bringsAnswer = (error: Error | undefined) => error !== undefined && 'getResponse' in error

// Looking at `body` would cost a body that is there already its fast way out and its type: on Bun the answer is asked how
// it looks.
function isStreamed(response: Response): boolean {
  if (!process.versions.bun) return response.body !== null
  return response.url !== '' || /^ {2}ReadableStream /m.test(Bun.inspect(response))
}

/** The same answer; `onEnd` is called once, when its body has been sent, was given up by the client, or broke. */
export function observeBodyEnd(
  response: Response,
  body: ReadableStream<Uint8Array>,
  onEnd: (end: BodyEnd) => void,
): Response {
  const reader = body.getReader()
  let isOver = false
  const over = (end: BodyEnd) => {
    if (isOver) return
    isOver = true
    onEnd(end)
  }
  const watched = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) return controller.enqueue(value)
        controller.close()
        over(undefined)
      } catch (error) {
        controller.error(error)
        over({ error })
      }
    },
    cancel(reason) {
      over('aborted')
      return reader.cancel(reason)
    },
  })
  return new Response(watched, response)
}
