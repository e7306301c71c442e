import type { Context, MiddlewareHandler } from 'hono'
import { languageDetector } from 'hono/language'
import { type Format, formats, type Lang } from './format'
import { type Messages, messages } from './messages'

/** The language of a page, with its messages and formats. */
export interface Locale {
  lang: Lang
  messages: Messages
  format: Format
}

/** Detects the language: `?lang=`, its cookie or `Accept-Language`; English otherwise. */
export const language: MiddlewareHandler = languageDetector({
  supportedLanguages: ['fr', 'en'],
  fallbackLanguage: 'en',
  order: ['querystring', 'cookie', 'header'],
  lookupQueryString: 'lang',
  lookupCookie: 'vitrine_console_lang',
  caches: ['cookie'],
  cookieOptions: { sameSite: 'Strict', secure: false, maxAge: 365 * 86_400, httpOnly: true },
})

export function localeOf(c: Context): Locale {
  const lang: Lang = c.get('language') === 'fr' ? 'fr' : 'en'
  return { lang, messages: messages[lang], format: formats[lang] }
}
