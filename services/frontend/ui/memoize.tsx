import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { type Language, languages, type Messages, MessagesContext, useMessages } from '../messages/messages'

/** HTML that Hono does not escape again. */
type Html = ReturnType<typeof raw>

/** Creates a value once per key. A full cache is cleared. */
export function createCache<V>(maxEntries: number): (key: string, create: () => V) => V {
  const values = new Map<string, V>()

  return (key, create) => values.get(key) ?? store(key, create())

  function store(key: string, value: V): V {
    if (values.size >= maxEntries) values.clear()
    values.set(key, value)
    return value
  }
}

const byLanguage = <T,>(create: () => T) =>
  Object.fromEntries(languages.map((language) => [language, create()])) as Record<Language, T>

/**
 * Renders once per key and language, inside of a page. Rendering is most of the work for a page, and most parts are the same
 * at the next request. The HTML must depend on nothing but the key and the messages.
 */
export function memoizeByKey<P>(keyOf: (props: P) => string, render: (props: P) => unknown, maxEntries = 1000) {
  const cached = byLanguage(() => createCache<Html>(maxEntries))
  return (props: P) => cached[useMessages().language](keyOf(props), () => raw(String(render(props))))
}

/** Renders once per language and frozen object, such as an unchanged response from the response cache. */
export function memoizeByObject<P extends object>(render: (props: P) => Child) {
  const cached = byLanguage(() => new WeakMap<P, Html>())

  return (messages: Messages, props: P): Html => cached[messages.language].get(props) ?? store(messages, props)

  function store(messages: Messages, props: P): Html {
    const html = String(<MessagesContext.Provider value={messages}>{render(props)}</MessagesContext.Provider>)
    if (!Object.isFrozen(props)) return raw(html)
    const memoized = new MemoizedHtml(html) as unknown as Html
    cached[messages.language].set(props, memoized)
    return memoized
  }
}

// The navigation differs by path and cart count: more variants are too rare to be worth the memory.
const maxPages = 100

/** Memoized HTML that also caches the whole pages around it. Hono handles it as an escaped string. */
export class MemoizedHtml extends String {
  readonly isEscaped = true as const
  readonly #page = createCache<string>(maxPages)

  memoizePage(key: string, render: () => string): string {
    return this.#page(key, render)
  }
}
