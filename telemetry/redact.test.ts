import { expect, test } from 'bun:test'
import { redactText } from './redact'
import { recordTelemetry } from './testing'

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'

test.each([
  ['a bearer token', 'Authorization: Bearer abcdef123456', 'Authorization: Bearer REDACTED'],
  ['basic credentials', 'basic dXNlcjpwYXNzd29yZA==', 'basic REDACTED'],
  ['a JSON web token', `got ${jwt} from him`, 'got REDACTED from him'],
  ['a password in an address', 'mysql://shop:hunter2@db.test/orders', 'mysql://REDACTED@db.test/orders'],
  ['a key of a query', 'GET /cb?access_token=hunter2&page=2', 'GET /cb?access_token=REDACTED&page=2'],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----', 'REDACTED'],
  ['a cloud key', 'key AKIAIOSFODNN7EXAMPLE used', 'key REDACTED used'],
  ['a repository token', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'REDACTED'],
  ['a payment key', 'sk_live_abcdefghijklmnop', 'REDACTED'],
  ['a card number', 'card 4242 4242 4242 4242 refused', 'card REDACTED refused'],
  ['a card number in one piece', 'card=4242424242424242', 'card=REDACTED'],
  ['a card number of another kind', 'card 2223003122003222 refused', 'card REDACTED refused'],
  ['a password in a sentence', 'tried password: hunter2, no luck', 'tried password: REDACTED, no luck'],
  ['a password in JSON', 'sent {"password":"hunter2","page":2}', 'sent {"password":"REDACTED","page":2}'],
  ['a password without a name', 'redis://:hunter2@cache.test:6379', 'redis://REDACTED@cache.test:6379'],
  ['an address of a person in an address', 'GET /users/alice%40example.org', 'GET /users/REDACTED'],
  ['an address of a person', 'mail to alice.martin+x@example.test failed', 'mail to REDACTED failed'],
])('%s is redacted, the text around it is not', (_, text, shown) => {
  expect(redactText(text)).toBe(shown)
})

test.each([
  'GET /product/laptop-pro 200',
  'order 01932c07-6f5e-7c3a-9d0e-2f4b6a8c0d1e confirmed',
  '4bf92f3577b34da6a3ce929d0e0e4736',
  'number 4242 4242 4242 4243 is no card',
  'started at 1790000000123456789',
  'the secret of a good key is its token',
  'Duplicate key: users',
  'Unexpected token: }',
  'select `id` from `tokens` where `hash` = ?',
])('%p is unchanged', (text) => {
  expect(redactText(text)).toBe(text)
})

test('long text is cut, and redacting it is fast', () => {
  // CPU time of this process: other processes do not affect it.
  const before = process.cpuUsage()

  const shown = redactText(`${'a.'.repeat(200_000)}@${'b.'.repeat(1000)}`)

  expect(shown).toHaveLength(8192)
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000)
})

test('the value of a key that names a secret is redacted, in spans, lines and log records', async () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop')
  const secrets = {
    password: 'hunter2',
    'db.password': 'hunter2',
    accessToken: 'hunter2',
    'X-Api-Key': 'hunter2',
    'set-cookie': 'session=hunter2',
    authorization: 'hunter2',
    'user.email': 'hunter2',
    client_secret: 'hunter2',
    pwd: 'hunter2',
    'db.pass': 'hunter2',
    cvv: 'hunter2',
    sessionId: 'hunter2',
    jwt: 'hunter2',
    passwords: ['hunter2'],
    apiKeys: 'hunter2',
    token_value: 'hunter2',
    api_secret_key: 'hunter2',
  }

  await telemetry.span(
    'work',
    () => {
      for (const [key, value] of Object.entries(secrets)) telemetry.setAttribute(key, value)
      telemetry.log.info('signing in', { ...secrets, deep: { list: [{ password: 'hunter2', page: 3 }] }, page: 2 })
      telemetry.log.event('signed.in', secrets)
    },
    secrets,
  )

  const everything = JSON.stringify([seen.spans(), seen.logs(), seen.lines()])
  expect(everything).not.toContain('hunter2')
  expect(seen.span('work').attributes).toMatchObject({ password: 'REDACTED', 'user.email': 'REDACTED' })
  expect(seen.lines()[0]).toMatchObject({ page: 2, deep: { list: [{ password: 'REDACTED', page: 3 }] } })
})

test('names that only resemble a secret are not redacted', async () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop')
  const harmless = {
    'token.count': 3,
    'cart.key_figures': 'x',
    tokens: 12,
    compass: 'north',
    monkey: 'Bonobo',
    'db.collection.name': 'tokens',
    keyboard: 'fr',
  }

  telemetry.log.info('counted', harmless)

  expect(seen.lines()[0]).toMatchObject(harmless)
})

test('secrets are redacted in messages, exceptions and stack traces too', () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop')

  telemetry.log.error('login with password=hunter2 failed')
  telemetry.log.exception('exception', new Error(`bad token ${jwt}`, { cause: new Error('mysql://shop:hunter2@db/x') }))

  const everything = JSON.stringify([seen.logs(), seen.lines()])
  expect(everything).not.toContain('hunter2')
  expect(everything).not.toContain('eyJ')
})

test('the caller’s object is not changed', () => {
  const telemetry = recordTelemetry().telemetry('shop')
  const given = { password: 'hunter2' }

  telemetry.log.info('x', given)

  expect(given).toEqual({ password: 'hunter2' })
})

test('values quoted in a database’s message are removed, whatever they contain', () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop')
  const text = "Duplicate entry 'Sinead O'Brien' for key 'users.name'"

  telemetry.recordException(Object.assign(new Error(text), { sqlState: '23000', code: 'ER_DUP_ENTRY' }))

  expect(seen.lines()[0]).toMatchObject({ 'exception.message': "Duplicate entry '?' for key '?'" })
})

test('any value passed as a message becomes text without secrets', () => {
  const seen = recordTelemetry()
  const { log } = seen.telemetry('shop')

  for (const odd of [undefined, null, Symbol('s'), 7, new Error('mail to alice@example.org')]) log.warn(odd as never)

  expect(seen.lines().map(({ message }) => message)).toEqual([
    'undefined',
    'null',
    'Symbol(s)',
    '7',
    'mail to REDACTED',
  ])
})
