import type { Context, MiddlewareHandler } from 'hono'
import { languageDetector } from 'hono/language'
import { type Format, formats, type Lang } from './format'
import { type Messages, messages } from './messages'

/** How a page speaks to who reads it. */
export interface Locale {
  lang: Lang
  messages: Messages
  format: Format
}

/** French, unless `?lang=`, the cookie that remembers it, or the browser's languages say English. */
export const language: MiddlewareHandler = languageDetector({
  supportedLanguages: ['fr', 'en'],
  fallbackLanguage: 'fr',
  order: ['querystring', 'cookie', 'header'],
  lookupQueryString: 'lang',
  lookupCookie: 'vitrine_console_lang',
  caches: ['cookie'],
  cookieOptions: { sameSite: 'Strict', secure: false, maxAge: 365 * 86_400, httpOnly: true },
})

export function localeOf(c: Context): Locale {
  const lang: Lang = c.get('language') === 'en' ? 'en' : 'fr'
  return { lang, messages: messages[lang], format: formats[lang] }
}
