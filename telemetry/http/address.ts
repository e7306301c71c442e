import { isIP } from 'node:net'
import { isSecretKey, redactedValue, redactText } from '../redact'

/**
 * Truncates a client's IP address to its network, so that it does not identify a person: /24 for IPv4, /48 for IPv6.
 * @returns `undefined` for text that is no IP address.
 */
export function networkOf(address: string | undefined): string | undefined {
  if (!address) return undefined
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (isIP(plain) === 4) return plain.replace(/\d+$/, '0')
  if (isIP(plain) === 6) return `${expand(plain).slice(0, 3).join(':')}::`
  return undefined
}

function expand(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const start = head === '' ? [] : head.split(':')
  if (tail === undefined) return start
  const end = tail === '' ? [] : tail.split(':')
  return [...start, ...Array(Math.max(0, 8 - start.length - end.length)).fill('0'), ...end]
}

// Names beyond `isSecretKey`. Source: semantic conventions 1.44, `url.full`, and the signed URLs of cloud providers.
const signatureParameters = /^(sig|signature|code|key|awsaccesskeyid|x-amz-.*|x-goog-.*)$/i

/**
 * Redacts a URL for a span: removes credentials and fragment, replaces parameters whose name denotes a secret, and whatever
 * looks like a secret, with `REDACTED`.
 */
export function redactUrl(url: string): string {
  const hashIndex = url.indexOf('#')
  const withoutFragment = hashIndex === -1 ? url : url.slice(0, hashIndex)
  const at = withoutFragment.indexOf('?')
  const address = at === -1 ? withoutFragment : withoutFragment.slice(0, at)
  const redactedAddress = redactText(address.includes('@') ? address.replace(/^(\w+:\/\/)[^/@]*@/, '$1') : address)
  return at === -1
    ? redactedAddress
    : `${redactedAddress}?${withoutFragment
        .slice(at + 1)
        .split('&')
        .map(redactParameter)
        .join('&')}`
}

function redactParameter(parameter: string): string {
  const at = parameter.indexOf('=')
  if (at === -1) return redactText(parameter)
  const key = parameter.slice(0, at)
  const name = decode(key)
  return signatureParameters.test(name) || isSecretKey(name)
    ? `${key}=${redactedValue}`
    : `${key}=${redactText(parameter.slice(at + 1))}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
