import type { Context, MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { parseAccept } from 'hono/utils/accept'
import { removeMark } from './cookie-check'
import { catalogs, type Language, languages, type Messages } from './messages/messages'
import { isOwnHost } from './origin'
import { localPathOf, routes } from './routes'

const parameter = 'lang'
const cookie = 'lang'
const oneYearSeconds = 365 * 24 * 3600

/** The messages in the language of the response: `?lang=`, then an earlier choice, then `Accept-Language`, then French. */
export const messagesOf = (c: Context): Messages => catalogs[languageOf(c)]

/** The headers of a response with text. A cache between us and the browser stores each language by itself. */
export const languageHeaders = ({ language }: Messages) => headersByLanguage[language]

/** Remembers the language of `?lang=` in a cookie. */
export function rememberLanguage(isSecure: (c: Context) => boolean): MiddlewareHandler {
  return function rememberLanguage(c, next) {
    const chosen = asLanguage(c.req.query(parameter))
    if (chosen && chosen !== getCookie(c, cookie)) {
      const secure = isSecure(c) && { secure: true }
      setCookie(c, cookie, chosen, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: oneYearSeconds, ...secure })
    }
    return next()
  }
}

/** The address of the page that the visitor sees, without a language. The page for a form's POST is where the form was. */
export function pageAddress(c: Context): string {
  // A request with an invalid `Host` has no address.
  const shown = URL.parse(c.req.method === 'POST' ? (c.req.header('referer') ?? '') : c.req.url)
  if (!shown || !isOwnHost(c, shown)) return routes.home
  shown.searchParams.delete(parameter)
  removeMark(shown.searchParams)
  return localPathOf(shown) ?? routes.home
}

/** An address in a language. */
export const inLanguage = (address: string, language: Language): string =>
  `${address}${address.includes('?') ? '&' : '?'}${parameter}=${language}`

function languageOf(c: Context): Language {
  return (
    asLanguage(c.req.query(parameter)) ?? asLanguage(getCookie(c, cookie)) ?? preferred(c.req.header('accept-language'))
  )
}

/** The language of a visitor's cookie or `Accept-Language`, without `?lang=`. */
export const languageOfHeaders = (headers: Headers): Language =>
  asLanguage(/(?:^|;\s*)lang=(\w+)/.exec(headers.get('cookie') ?? '')?.[1]) ??
  preferred(headers.get('accept-language') ?? undefined)

const headersByLanguage = {
  fr: { 'Content-Language': 'fr', Vary: 'Accept-Language, Cookie' },
  en: { 'Content-Language': 'en', Vary: 'Accept-Language, Cookie' },
} as const

const asLanguage = (text: string | undefined): Language | undefined => languages.find((language) => language === text)

// Browsers send few different headers, and parsing one takes longer than the rest of this file.
const parsed = new Map<string, Language>()
const maxParsed = 500
const maxHeaderLength = 200

function preferred(header: string | undefined): Language {
  if (!header || header.length > maxHeaderLength) return 'fr'
  const known = parsed.get(header)
  if (known) return known
  if (parsed.size >= maxParsed) parsed.clear()
  const language = parse(header)
  parsed.set(header, language)
  return language
}

/** The first language that the shop has, by quality: `de, en-US;q=0.8, fr;q=0.5` is English. Source: RFC 9110, 12.5.4. */
function parse(header: string): Language {
  const accepted = parseAccept(header)
    .filter(({ q }) => q > 0)
    .map(({ type }) => asLanguage(type.toLowerCase().split('-')[0]))
  return accepted.find((language) => language !== undefined) ?? 'fr'
}
