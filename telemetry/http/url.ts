interface UrlParts {
  /** `http` or `https`. */
  scheme: string
  /** Scheme, host and port, as they stand. */
  origin: string
  path: string
}

/**
 * Takes a request's address apart without parsing all of it. A hostile Host header makes an address that is none: its
 * request is seen all the same, from `invalid`.
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

/** The name and port of an origin; `invalid` for what is none. */
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
