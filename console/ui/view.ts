import type { Context, MiddlewareHandler } from 'hono'
import { languageDetector } from 'hono/language'
import { type Format, formats, type Lang } from './format'
import { type Text, texts } from './text'

/** How a page speaks to who reads it. */
export interface View {
  lang: Lang
  text: Text
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

export function viewOf(c: Context): View {
  const lang: Lang = c.get('language') === 'en' ? 'en' : 'fr'
  return { lang, text: texts[lang], format: formats[lang] }
}
