/** Entries that are passed on with every call of a request, without their properties. Source: W3C Baggage. */
export type Baggage = ReadonlyMap<string, string>

// Source: W3C Baggage, section 3.3.2, "Limits".
const limits = { entries: 64, bytes: 8192 }
const token = /^[!#$%&'*+\-.^_`|~\w]+$/

/**
 * Reads the well-formed entries of a `baggage` header, up to W3C's limits.
 * @param keys the keys to read; all by default. For callers that are not trusted.
 */
export function readBaggage(headers: Headers, keys?: readonly string[]): Baggage | undefined {
  const header = headers.get('baggage')
  if (!header) return undefined
  const found = new Map<string, string>()
  for (const member of truncate(header, limits.bytes).split(',')) {
    const [key, value] = entryOf(member)
    if (key && value !== undefined && (!keys || keys.includes(key)) && found.size < limits.entries)
      found.set(key, value)
  }
  return found.size > 0 ? found : undefined
}

/** Sets or deletes the `baggage` header of a call. */
export function writeBaggage(headers: Headers, baggage: Baggage | undefined): void {
  headers.delete('baggage')
  if (!baggage) return
  const entries = [...baggage].map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join(',')
  headers.set('baggage', truncate(entries, limits.bytes))
}

// Cuts between entries: half of a value would be a wrong value.
function truncate(header: string, bytes: number): string {
  return header.length <= bytes ? header : header.slice(0, Math.max(0, header.lastIndexOf(',', bytes)))
}

function entryOf(member: string): [key: string | undefined, value: string | undefined] {
  const [pair = ''] = member.split(';')
  const equals = pair.indexOf('=')
  const key = pair.slice(0, equals).trim()
  if (equals < 1 || !token.test(key)) return [undefined, undefined]
  try {
    return [key, decodeURIComponent(pair.slice(equals + 1).trim())]
  } catch {
    return [undefined, undefined]
  }
}
