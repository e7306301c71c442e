import { expect, test } from 'bun:test'
import { networkOf, redactUrl } from './address'

test.each([
  ['203.0.113.77', '203.0.113.0'],
  ['::ffff:203.0.113.77', '203.0.113.0'],
  ['2001:db8:1234:5678:9abc:def0:1234:5678', '2001:db8:1234::'],
  ['2001:db8::1', '2001:db8:0::'],
  ['2001:db8:1234::', '2001:db8:1234::'],
  ['::1', '0:0:0::'],
  ['fe80::1%eth0', 'fe80:0:0::'],
  ['1::2:3:4:5:6:7', '1:0:2::'],
])('the network of %p is %p', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test.each(['', 'localhost', '203.0.113', '203.0.113.999', '1.2.3.4, 5.6.7.8', 'unknown', '<script>', undefined])(
  '%p has no network',
  (text) => {
    expect(networkOf(text)).toBeUndefined()
  },
)

test('secrets in a URL are replaced, the rest is unchanged', () => {
  const shown = redactUrl

  expect(shown('https://a:b@far.test/p?Signature=x&SIG=y&page=2&q=caf%C3%A9')).toBe(
    'https://far.test/p?Signature=REDACTED&SIG=REDACTED&page=2&q=caf%C3%A9',
  )
  expect(shown('http://far.test/?token=1&token=2')).not.toMatch(/token=\d/)
  expect(shown('http://far.test/?access_token=1&password=2&key=3')).not.toMatch(/=\d/)
  for (const key of [
    'X-Goog-Signature',
    'AWSAccessKeyId',
    'api_key',
    'client_secret',
    'id_token',
    'passwd',
    'to%6ben',
  ]) {
    expect(shown(`http://far.test/?page=2&${key}=hunter2`)).toBe(`http://far.test/?page=2&${key}=REDACTED`)
  }
  expect(shown('http://far.test/users/alice@example.org?to=bob%40example.org')).toBe(
    'http://far.test/users/REDACTED?to=REDACTED',
  )
  expect(shown('http://far.test/#access_token=hunter2')).toBe('http://far.test/')
  expect(shown('http://far.test/things?monkey=1')).toBe('http://far.test/things?monkey=1')
})

test('a URL without secrets is unchanged', () => {
  expect(redactUrl('http://far.test/things/7')).toBe('http://far.test/things/7')
})
