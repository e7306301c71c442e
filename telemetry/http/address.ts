import { isIP } from 'node:net'
import { isSecretKey, redactedValue, redactText } from '../redact'

/**
 * Cuts a client's address to its network, so that no signal names a person: /24 for IPv4, /48 for IPv6.
 * Anything that is not an address gives `undefined`.
 */
export function networkOf(address: string | undefined): string | undefined {
  if (!address) return undefined
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (isIP(bare) === 4) return bare.replace(/\d+$/, '0')
  if (isIP(bare) === 6) return `${expand(bare).slice(0, 3).join(':')}::`
  return undefined
}

function expand(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  if (tail === undefined) return left
  const right = tail === '' ? [] : tail.split(':')
  return [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
}

// Beyond what any key may be called. Source: semantic conventions 1.44, `url.full`, and what clouds sign addresses with.
const signs = /^(sig|signature|code|key|awsaccesskeyid|x-amz-.*|x-goog-.*)$/i

/**
 * A URL fit for a span: no credentials, no fragment, and `REDACTED` where a parameter carries a secret by its name, or
 * where anything looks like one.
 */
export function redactUrl(url: string): string {
  const hash = url.indexOf('#')
  const sent = hash === -1 ? url : url.slice(0, hash)
  const at = sent.indexOf('?')
  const address = at === -1 ? sent : sent.slice(0, at)
  const shown = redactText(address.includes('@') ? address.replace(/^(\w+:\/\/)[^/@]*@/, '$1') : address)
  return at === -1
    ? shown
    : `${shown}?${sent
        .slice(at + 1)
        .split('&')
        .map(redactParameter)
        .join('&')}`
}

function redactParameter(parameter: string): string {
  const at = parameter.indexOf('=')
  if (at === -1) return redactText(parameter)
  const key = parameter.slice(0, at)
  const name = decoded(key)
  return signs.test(name) || isSecretKey(name)
    ? `${key}=${redactedValue}`
    : `${key}=${redactText(parameter.slice(at + 1))}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
