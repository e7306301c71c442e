import { expect, test } from 'bun:test'
import { stamped, stampedFiles, stampOf } from './stamp'

test.each(stampedFiles)('%s carries the stamp of itself: else run `bun run generate`', async (file) => {
  const text = await Bun.file(file).text()
  expect(stamped(text)).toBe(text)
})

test('a stamp changes with the file, and not with the stamp that is there', () => {
  const text = 'resource: { service.name: x, vitrine.config: unstamped }\nlimit: 1\n'
  expect(stampOf(stamped(text))).toBe(stampOf(text))
  expect(stampOf(text.replace('1', '2'))).not.toBe(stampOf(text))
  expect(() => stamped('limit: 1')).toThrow('vitrine.config')
})
