import { expect, test } from 'bun:test'
import { productImages } from './images'

test('the pictures of products are the files of the storefront', () => {
  const files = [...new Bun.Glob('*.svg').scanSync(`${import.meta.dir}/frontend/assets/images`)]

  expect(files.map((file) => `/images/${file}`).sort()).toEqual([...productImages].sort())
})
