import { expect, test } from 'bun:test'
import { commonSettings, type Environment, type FieldBuilders, readSettings } from './settings'

const shape = (field: FieldBuilders) => ({
  ...commonSettings(field, 5003),
  DATABASE_URL: field.database('.data/order.sqlite'),
  USER_SERVICE_URL: field.url('http://127.0.0.1:5001'),
})
const secret = '8c1f0a6be2d94753b7a90e5d1c3f6824'
const production = {
  SERVICE_KEY: secret,
  DATABASE_URL: 'mysql://shop:secret@db/orders',
  USER_SERVICE_URL: 'http://user:5001',
}
const problemsOf = (env: Environment): string => {
  try {
    readSettings(env, shape)
    return 'none'
  } catch (error) {
    return (error as Error).message
  }
}

test('development needs no settings', () => {
  expect(readSettings({ DEPLOYMENT_ENVIRONMENT: 'development' }, shape)).toEqual({
    HOST: '127.0.0.1',
    PORT: 5003,
    SHARE_PORT: false,
    SERVICE_KEY: 'development-service-key',
    TRUSTED_PROXIES: new Set(),
    REQUEST_BUDGET_MS: 2000,
    MAX_CONCURRENT_REQUESTS: 256,
    MAX_CONCURRENT_REQUESTS_PER_CLIENT: 64,
    BODY_TIMEOUT_MS: 5000,
    DATABASE_URL: '.data/order.sqlite',
    USER_SERVICE_URL: 'http://127.0.0.1:5001',
    environmentName: 'development',
  })
})

test('the environment is production by default', () => {
  const settings = readSettings(production, shape)

  expect(settings).toMatchObject({ environmentName: 'production', HOST: '0.0.0.0', PORT: 5003, ...production })
  expect(readSettings({ ...production, DEPLOYMENT_ENVIRONMENT: '' }, shape).environmentName).toBe('production')
})

test('production lists all missing settings at once', () => {
  const problems = problemsOf({})

  expect(problems).toStartWith('settings (DEPLOYMENT_ENVIRONMENT=production):\n')
  expect(problems).toMatch(/SERVICE_KEY: is required in production/)
  expect(problems).toMatch(/DATABASE_URL: is required in production/)
  expect(problems).toMatch(/USER_SERVICE_URL: must be an address/)
  expect(problems).not.toContain('PORT')
})

test('an empty value counts as missing', () => {
  expect(readSettings({ DEPLOYMENT_ENVIRONMENT: 'test', PORT: '', SERVICE_KEY: '' }, shape).PORT).toBe(5003)
  expect(problemsOf({ ...production, SERVICE_KEY: '' })).toContain('SERVICE_KEY: is required')
})

test('a short secret is refused', () => {
  expect(problemsOf({ ...production, SERVICE_KEY: 'x'.repeat(31) })).toContain('must have at least 32 characters')
  expect(problemsOf({ DEPLOYMENT_ENVIRONMENT: 'test', SERVICE_KEY: 'x'.repeat(7) })).toContain('at least 8 characters')
})

test('no error message contains the invalid value', () => {
  const problems = problemsOf({ SERVICE_KEY: 'hunter2', DATABASE_URL: 'postgres://shop:hunter2@db/x', PORT: 'hunter2' })

  expect(problems).toContain('SERVICE_KEY')
  expect(problems).toContain('DATABASE_URL')
  expect(problems).not.toContain('hunter2')
})

test.each(['80.5', 'http', '-1', '65536', '1e9'])('the port %p is refused', (port) => {
  expect(problemsOf({ DEPLOYMENT_ENVIRONMENT: 'test', PORT: port })).toContain('PORT: ')
})

test('a boolean is true or false', () => {
  const share = (SHARE_PORT: string) => ({ DEPLOYMENT_ENVIRONMENT: 'test', SHARE_PORT })

  expect(readSettings(share('true'), shape).SHARE_PORT).toBe(true)
  expect(readSettings(share('false'), shape).SHARE_PORT).toBe(false)
  expect(problemsOf(share('perhaps'))).toContain('SHARE_PORT: must be true or false')
})

test.each(['0', '-1', '1.5', 'many'])('the limit %p of concurrent requests is refused', (limit) => {
  const env = { DEPLOYMENT_ENVIRONMENT: 'test', MAX_CONCURRENT_REQUESTS: limit }
  expect(problemsOf(env)).toContain('MAX_CONCURRENT_REQUESTS: must be a positive whole number')
})

test.each([
  ['mysql://root@127.0.0.1:3306/shop', true],
  ['.data/order.sqlite', true],
  [':memory:', true],
  ['postgres://shop@db/x', false],
  ['mysql2://shop@db/x', false],
])('the database %p is accepted: %p', (url, isAccepted) => {
  expect(problemsOf({ DEPLOYMENT_ENVIRONMENT: 'test', DATABASE_URL: url }) === 'none').toBe(isAccepted)
})

test.each(['user:5001', 'ftp://user', 'javascript:alert(1)', 'not an address'])('the address %p is refused', (url) => {
  expect(problemsOf({ DEPLOYMENT_ENVIRONMENT: 'test', USER_SERVICE_URL: url })).toContain('USER_SERVICE_URL')
})

test('trusted proxies are separated by commas', () => {
  const { TRUSTED_PROXIES } = readSettings(
    { DEPLOYMENT_ENVIRONMENT: 'test', TRUSTED_PROXIES: ' 10.0.0.1, ,::1,' },
    shape,
  )

  expect(TRUSTED_PROXIES).toEqual(new Set(['10.0.0.1', '::1']))
})

test('settings cannot be changed', () => {
  const settings = readSettings({ DEPLOYMENT_ENVIRONMENT: 'test' }, shape)

  expect(() => Object.assign(settings, { PORT: 1 })).toThrow(TypeError)
})

test.each([
  ['https://shop.example', 'https://shop.example'],
  ['https://Shop.Example:443/', 'https://shop.example'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
])('the origin %p is %p', (text, origin) => {
  const settings = readSettings({ DEPLOYMENT_ENVIRONMENT: 'test', PUBLIC_ORIGIN: text }, (field) => ({
    PUBLIC_ORIGIN: field.optionalOrigin(),
  }))
  expect(settings.PUBLIC_ORIGIN).toBe(origin)
})

test.each(['shop.example', 'https://shop.example/path', 'https://user@shop.example', 'ftp://shop.example', 'https://'])(
  'the origin %p is refused',
  (text) => {
    const read = () =>
      readSettings({ DEPLOYMENT_ENVIRONMENT: 'test', PUBLIC_ORIGIN: text }, (field) => ({
        PUBLIC_ORIGIN: field.optionalOrigin(),
      }))
    expect(read).toThrow('PUBLIC_ORIGIN: must be an origin without a path')
  },
)
