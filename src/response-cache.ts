/** A response whose body has been read: parsed JSON, text of a failure, or `undefined`. */
export interface BufferedResponse extends Pick<Response, 'status' | 'ok' | 'headers'> {
  content: unknown
}

type CachedResponse = BufferedResponse & { etag: string }

interface CacheableRequest {
  method?: string | undefined
  headers: Headers
}

/**
 * Caches responses with an `ETag` for revalidation: the client sends `If-None-Match`, and a 304 saves sending and parsing the
 * body again. Every request still reaches the server, so no response is stale. Requests with `Authorization` are not cached.
 * Source: RFC 9111, sections 3.5 and 4.3.
 * @param maxResponses the cache evicts the one that was not used for the longest time; a page of the catalog is about 20 KB
 */
export function createResponseCache(maxResponses = 200) {
  const responses = new Map<unknown, CachedResponse>()

  return { get, store }

  function get(url: unknown, request: CacheableRequest): CachedResponse | undefined {
    const cached = isCacheable(request) ? responses.get(url) : undefined
    if (cached) setMostRecent(url, cached)
    return cached
  }

  /** Returns `response`. The content of a cached response is frozen, because all later callers share it. */
  function store(url: unknown, request: CacheableRequest, response: BufferedResponse): BufferedResponse {
    const etag = response.ok && isCacheable(request) ? response.headers.get('etag') : null
    if (etag === null) return response
    deepFreeze(response.content)
    setMostRecent(url, { ...response, etag })
    if (responses.size > maxResponses) responses.delete(responses.keys().next().value)
    return response
  }

  function setMostRecent(url: unknown, response: CachedResponse): void {
    responses.delete(url)
    responses.set(url, response)
  }
}

const isCacheable = ({ method = 'GET', headers }: CacheableRequest) => method === 'GET' && !headers.has('authorization')

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const part of Object.values(Object.freeze(value))) deepFreeze(part)
}
