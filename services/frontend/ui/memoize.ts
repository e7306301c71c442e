import { raw } from 'hono/html'

/**
 * Renders once for each key: rendering is most of what a page costs, and most of a page seldom changes between two visits.
 * What is shown must follow from the key.
 */
export function memoizeByKey<P>(keyOf: (props: P) => string, render: (props: P) => unknown, most = 1000) {
  const known = new Map<string, ReturnType<typeof raw>>()

  return (props: P) => {
    const key = keyOf(props)
    return known.get(key) ?? keep(key, raw(String(render(props))))
  }

  function keep(key: string, html: ReturnType<typeof raw>) {
    if (known.size >= most) known.clear()
    known.set(key, html)
    return html
  }
}

/** Renders once for each object that nobody can change, such as an answer that was the same as the last one. */
export function memoizeByObject<P extends object>(render: (props: P) => unknown) {
  const known = new WeakMap<P, Html>()

  return (props: P): Html => known.get(props) ?? keep(props, String(render(props)))

  function keep(props: P, html: string): Html {
    if (!Object.isFrozen(props)) return raw(html)
    const lasting = new MemoizedHtml(html) as unknown as Html
    known.set(props, lasting)
    return lasting
  }
}

/** What hono takes for escaped. */
type Html = ReturnType<typeof raw>

// Visitors differ by their cart and where they are; more kinds than this are no longer a gain.
const mostAround = 100

/** HTML that will be shown again as it is, with what was rendered around it. To hono it is a string that is escaped. */
export class MemoizedHtml extends String {
  readonly isEscaped = true as const
  readonly #around = new Map<string, string>()

  memoizePage(key: string, render: () => string): string {
    return this.#around.get(key) ?? this.#keep(key, render())
  }

  #keep(key: string, html: string): string {
    if (this.#around.size >= mostAround) this.#around.clear()
    this.#around.set(key, html)
    return html
  }
}
