import { expect, test } from 'bun:test'
import { configHashOf, hashedConfigFiles, withConfigHash } from './config-hash'

test.each(hashedConfigFiles)('%s contains its own hash (otherwise run `bun run generate`)', async (file) => {
  const text = await Bun.file(file).text()
  expect(withConfigHash(text)).toBe(text)
})

test('the hash changes with the file, but not with the hash it contains', () => {
  const text = 'resource: { service.name: x, vitrine.config: none }\nlimit: 1\n'
  expect(configHashOf(withConfigHash(text))).toBe(configHashOf(text))
  expect(configHashOf(text.replace('1', '2'))).not.toBe(configHashOf(text))
  expect(() => withConfigHash('limit: 1')).toThrow('vitrine.config')
})
