import { expect, test } from 'bun:test'
import { configHashOf, hashedConfigFiles, withConfigHash } from './config-hash'

test.each(hashedConfigFiles)('%s carries the stamp of itself: else run `bun run generate`', async (file) => {
  const text = await Bun.file(file).text()
  expect(withConfigHash(text)).toBe(text)
})

test('a stamp changes with the file, and not with the stamp that is there', () => {
  const text = 'resource: { service.name: x, vitrine.config: unstamped }\nlimit: 1\n'
  expect(configHashOf(withConfigHash(text))).toBe(configHashOf(text))
  expect(configHashOf(text.replace('1', '2'))).not.toBe(configHashOf(text))
  expect(() => withConfigHash('limit: 1')).toThrow('vitrine.config')
})
