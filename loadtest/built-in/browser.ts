import { headersOf, originOf, type RequestOrigin } from '../headers.ts'
import type { PageRequest, Visitor } from '../visit.ts'
import type { Send } from './engine'

/** Sends requests as browsers do, with cookies and without following redirects. */
export function createBrowser(target: RequestOrigin, timeoutMs = 60_000): Send {
  const origin = originOf(target.url)
  return async (request) => {
    try {
      const response = await fetch(origin + request.path, {
        method: request.method,
        headers: {
          ...headersOf(request, target),
          'User-Agent': 'vitrine-loadtest',
          // Decompression would take CPU time from the shop on the same machine.
          'Accept-Encoding': 'identity',
          Cookie: cookieHeader(request.visitor),
        },
        body: bodyOf(request),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      })
      const html = await response.text()
      for (const cookie of response.headers.getSetCookie()) storeCookie(request.visitor, cookie)
      const location = (response.headers.get('Location') ?? '').replace(origin, '')
      return { status: response.status, html, location, traceId: response.headers.get('X-Trace-Id') ?? '', error: '' }
    } catch (error) {
      return { status: 0, html: '', location: '', traceId: '', error: (error as Error).message }
    }
  }
}

function bodyOf({ body }: PageRequest): string | null {
  if (body === undefined) return null
  return typeof body === 'string' ? body : new URLSearchParams(body).toString()
}

const cookieHeader = ({ cookies }: Visitor): string =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')

function storeCookie({ cookies }: Visitor, header: string): void {
  const { name, value, maxAge } = Bun.Cookie.parse(header)
  if (value === '' || maxAge === 0) delete cookies[name]
  else cookies[name] = value
}
