import { headersOf, originOf } from '../headers.ts'
import type { Settings } from '../shapes.ts'
import type { PageRequest, Visitor } from '../visit.ts'
import type { Send } from './engine'

const timeoutMs = 60_000

/** Sends requests as browsers do, with cookies and without following redirects. */
export function createBrowser(settings: Settings): Send {
  const origin = originOf(settings.url)
  return async (request) => {
    try {
      const response = await fetch(origin + request.path, {
        method: request.method,
        headers: {
          ...headersOf(request, settings),
          'User-Agent': 'vitrine-loadtest',
          // To unpack responses would cost the processor that the shop needs.
          'Accept-Encoding': 'identity',
          Cookie: cookieHeader(request.visitor),
        },
        body: bodyOf(request),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      })
      const html = await response.text()
      for (const cookie of response.headers.getSetCookie()) store(request.visitor, cookie)
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

function store({ cookies }: Visitor, cookie: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
  if (value === '' || /max-age=0\b/i.test(cookie)) delete cookies[name]
  else cookies[name] = value
}
