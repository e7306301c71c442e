import { expect, test } from 'bun:test'
import { html } from 'hono/html'
import { memoizeByKey } from './memoize'

function countRenders(maxEntries?: number) {
  const rendered: string[] = []
  const show = memoizeByKey(
    ({ name }: { name: string }) => name,
    ({ name }) => {
      rendered.push(name)
      return html`<b>${name}</b>`
    },
    maxEntries,
  )
  return { rendered, show: (name: string) => String(show({ name })) }
}

test('a key is rendered once, and its HTML is escaped once', () => {
  const { rendered, show } = countRenders()

  expect([show('a<'), show('a<')]).toEqual(['<b>a&lt;</b>', '<b>a&lt;</b>'])
  expect(String(html`<i>${memoizeByKey(String, () => html`<b>${'&'}</b>`)('x')}</i>`)).toBe('<i><b>&amp;</b></i>')
  expect(rendered).toEqual(['a<'])
})

test('a full cache is cleared', () => {
  const { rendered, show } = countRenders(2)

  for (const name of ['a', 'b', 'c', 'b', 'a']) expect(show(name)).toBe(`<b>${name}</b>`)

  expect(rendered).toEqual(['a', 'b', 'c', 'b', 'a'])
})
