import { raw } from 'hono/html'

/**
 * Renders once for each key: rendering is most of what a page costs, and most of a page seldom changes between two visits.
 * What is shown must follow from the key.
 */
export function remembered<P>(keyOf: (props: P) => string, render: (props: P) => unknown, most = 1000) {
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

/** Renders once for each object that nobody changes, such as an answer that was the same as the last one. */
export function rememberedOf<P extends object>(render: (props: P) => unknown) {
  const known = new WeakMap<P, ReturnType<typeof raw>>()

  return (props: P) => known.get(props) ?? keep(props, raw(String(render(props))))

  function keep(props: P, html: ReturnType<typeof raw>) {
    if (Object.isFrozen(props)) known.set(props, html)
    return html
  }
}
