import { raw } from 'hono/html'

/** HTML that Hono does not escape again. */
type Html = ReturnType<typeof raw>

/** Creates a value once per key. A full cache is cleared. */
function createCache<V>(maxEntries: number): (key: string, create: () => V) => V {
  const values = new Map<string, V>()

  return (key, create) => values.get(key) ?? store(key, create())

  function store(key: string, value: V): V {
    if (values.size >= maxEntries) values.clear()
    values.set(key, value)
    return value
  }
}

/**
 * Renders once per key. Rendering is most of the work for a page, and most parts are the same at the next request. The HTML
 * must depend on nothing but the key.
 */
export function memoizeByKey<P>(keyOf: (props: P) => string, render: (props: P) => unknown, maxEntries = 1000) {
  const cached = createCache<Html>(maxEntries)
  return (props: P) => cached(keyOf(props), () => raw(String(render(props))))
}

/** Renders once per frozen object, such as an unchanged response from the response cache. */
export function memoizeByObject<P extends object>(render: (props: P) => unknown) {
  const cached = new WeakMap<P, Html>()

  return (props: P): Html => cached.get(props) ?? store(props, String(render(props)))

  function store(props: P, html: string): Html {
    if (!Object.isFrozen(props)) return raw(html)
    const memoized = new MemoizedHtml(html) as unknown as Html
    cached.set(props, memoized)
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
