import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { settingFields } from '../src/settings'
import { frontendSettings } from './frontend/settings'
import { orderSettings } from './order/settings'
import { productSettings } from './product/settings'
import { userSettings } from './user/settings'

test.each([
  ['frontend', frontendSettings],
  ['user', userSettings],
  ['product', productSettings],
  ['order', orderSettings],
])('.env.example names every setting of %s', (_name, settings) => {
  const example = readFileSync('.env.example', 'utf8')
  const names = Object.keys(settings(settingFields(true)))

  expect(names).toContain('SHARE_PORT')
  expect(names.filter((name) => !new RegExp(`^#?${name}=`, 'm').test(example))).toEqual([])
})
