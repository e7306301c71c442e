import { isIP } from 'node:net'

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

const secretKeys = /^(sig|signature|x-amz-.*|token|access_token|code|key|password)$/i

// What most addresses lack: credentials, and a parameter whose name is like a secret's.
const suspect = /@|[?&](?:sig|signature|x-amz-|token|access_token|code|key|password)/i

/** A URL fit for a span: no credentials, and the values of parameters that carry secrets replaced by `REDACTED`. */
export function redactUrl(url: string): string {
  if (!suspect.test(url)) return url
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  for (const key of [...shown.searchParams.keys()]) {
    if (secretKeys.test(key)) shown.searchParams.set(key, 'REDACTED')
  }
  return shown.href
}
