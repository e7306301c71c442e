import { expect, test } from 'bun:test'
import { randomBytes, randomInt } from 'node:crypto'
import { unpredictableBits } from './secret-strength'
import { readSettings } from './settings'

const problemsOf = (secret: string): string => {
  try {
    readSettings({ SERVICE_KEY: secret }, (field) => ({ SERVICE_KEY: field.secret('development-key') }))
    return 'none'
  } catch (error) {
    return (error as Error).message
  }
}

test.each([
  'a'.repeat(64),
  'ab'.repeat(20),
  'abc'.repeat(11),
  'changeme'.repeat(4),
  'secret-secret-secret-secret-secret',
  'Secret-secret-SECRET-secret-Secret',
  '0123456789abcdef0123456789abcdef',
  '12345678901234567890123456789012',
  'abcdefghijklmnopqrstuvwxyz012345',
  'qwertyuiopasdfghjklzxcvbnm123456',
  'azertyuiopqsdfghjklmwxcvbn987654',
  '1111111111222222222233333333334444444444',
  'deadbeef'.repeat(8),
  ' '.repeat(40),
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab',
  '00000000-0000-0000-0000-000000000000',
])('production refuses the secret %p, and says what to do', (secret) => {
  expect(problemsOf(secret)).toContain('SERVICE_KEY: must be random: it repeats itself')
  expect(problemsOf(secret)).toContain('openssl rand -hex 32')
  expect(problemsOf(secret)).not.toContain(secret)
})

test('secrets of random generators are accepted', () => {
  const digits = () => Array.from({ length: 48 }, () => randomInt(10)).join('')
  for (let n = 0; n < 2000; n++) {
    for (const secret of [randomBytes(16).toString('hex'), randomBytes(24).toString('base64'), digits()]) {
      expect(unpredictableBits(secret)).toBeGreaterThan(64)
    }
  }
  expect(problemsOf(randomBytes(32).toString('hex'))).toBe('none')
  expect(problemsOf(`${crypto.randomUUID()}`)).toBe('none')
  expect(problemsOf('correct horse battery staple and a zebra')).toBe('none')
})

test('outside production a simple secret is enough', () => {
  const env = { DEPLOYMENT_ENVIRONMENT: 'test', SERVICE_KEY: 'aaaaaaaa' }
  expect(readSettings(env, (field) => ({ SERVICE_KEY: field.secret('development-key') })).SERVICE_KEY).toBe('aaaaaaaa')
})
