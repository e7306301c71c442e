const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE', 'QUERY'])

/** `http.request.method`: `_OTHER` for a method that is not in the standard. Source: semantic conventions 1.44, HTTP. */
export const methodAttribute = (method: string): string => (methods.has(method) ? method : '_OTHER')

/** The method in a span name: `HTTP` for `_OTHER`. */
export const methodInSpanName = (method: string): string => (method === '_OTHER' ? 'HTTP' : method)

interface UrlParts {
  /** `http` or `https`. */
  scheme: string
  /** Scheme, host and port, unchanged. */
  origin: string
  path: string
}

/**
 * Splits a request's URL without parsing all of it. A malformed Host header makes an invalid URL: its host becomes
 * `invalid`, and the request is recorded.
 */
export function splitUrl(url: string): UrlParts {
  const scheme = url.startsWith('https:') ? 'https' : 'http'
  const hostStart = scheme.length + 3
  if (!url.startsWith('://', scheme.length))
    return { scheme, origin: `${scheme}://invalid`, path: pathOf(url, url.indexOf('/')) }
  const slash = url.indexOf('/', hostStart)
  const end = slash === -1 ? url.length : slash
  return { scheme, origin: url.slice(0, end), path: pathOf(url, slash) }
}

/** `server.address` and `server.port` of an origin; `invalid` and 0 for an invalid one. */
export function hostOf(origin: string): { address: string; port: number } {
  const url = URL.parse(origin)
  if (!url || /[\s<>"]/.test(origin)) return { address: 'invalid', port: 0 }
  return {
    address: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
  }
}

function pathOf(url: string, start: number): string {
  if (start === -1) return '/'
  const query = url.indexOf('?', start)
  const path = query === -1 ? url.slice(start) : url.slice(start, query)
  const hash = path.indexOf('#')
  return hash === -1 ? path : path.slice(0, hash)
}
