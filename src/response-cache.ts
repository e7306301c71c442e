/** An answer, read whole. */
export interface BufferedResponse extends Pick<Response, 'status' | 'ok' | 'headers'> {
  content: unknown
}

interface Asked {
  method?: string | undefined
  headers: Headers
}

/**
 * Answers that came with an `ETag`, kept to be asked for by it: as long as nothing has changed the other side says 304, and
 * what was read once need not be sent, read and rendered again. Each request is still made, so nothing shown is ever old.
 * What was asked in somebody's name is not kept. Source: RFC 9111, sections 3.5 and 4.3.
 * @param most answers that are kept, those that were asked for last; a page of the catalogue is some 20 KB
 */
export function createResponseCache(most = 200) {
  const kept = new Map<unknown, BufferedResponse & { etag: string }>()

  return { of, keep }

  function of(url: unknown, asked: Asked): (BufferedResponse & { etag: string }) | undefined {
    const known = isForAnybody(asked) ? kept.get(url) : undefined
    if (known) put(url, known)
    return known
  }

  /** @returns the same; its content is frozen where it is kept, as many will be given it */
  function keep(url: unknown, asked: Asked, answer: BufferedResponse): BufferedResponse {
    const etag = answer.ok && isForAnybody(asked) ? answer.headers.get('etag') : null
    if (etag === null) return answer
    frozen(answer.content)
    put(url, { ...answer, etag })
    if (kept.size > most) kept.delete(kept.keys().next().value)
    return answer
  }

  function put(url: unknown, answer: BufferedResponse & { etag: string }): void {
    kept.delete(url)
    kept.set(url, answer)
  }
}

const isForAnybody = ({ method = 'GET', headers }: Asked) => method === 'GET' && !headers.has('authorization')

function frozen(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const part of Object.values(Object.freeze(value))) frozen(part)
}
