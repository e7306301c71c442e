import { expect, test } from 'bun:test'
import { html } from 'hono/html'
import { memoizeByKey } from './memoize'

function counting(most?: number) {
  const rendered: string[] = []
  const show = memoizeByKey(
    ({ name }: { name: string }) => name,
    ({ name }) => {
      rendered.push(name)
      return html`<b>${name}</b>`
    },
    most,
  )
  return { rendered, show: (name: string) => String(show({ name })) }
}

test('what was rendered once is not rendered again, and escaped once', () => {
  const { rendered, show } = counting()

  expect([show('a<'), show('a<')]).toEqual(['<b>a&lt;</b>', '<b>a&lt;</b>'])
  expect(String(html`<i>${memoizeByKey(String, () => html`<b>${'&'}</b>`)('x')}</i>`)).toBe('<i><b>&amp;</b></i>')
  expect(rendered).toEqual(['a<'])
})

test('what is kept is bounded', () => {
  const { rendered, show } = counting(2)

  for (const name of ['a', 'b', 'c', 'b', 'a']) expect(show(name)).toBe(`<b>${name}</b>`)

  expect(rendered).toEqual(['a', 'b', 'c', 'b', 'a'])
})
