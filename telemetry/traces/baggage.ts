/** Entries that travel with a request. Source: W3C Baggage; their properties are not kept. */
export type Baggage = ReadonlyMap<string, string>

// Source: W3C Baggage, section 3.3.2, "Limits".
const most = { entries: 64, bytes: 8192 }
const token = /^[!#$%&'*+\-.^_`|~\w]+$/

/**
 * Reads a `baggage` header; of a header beyond the limits, as much as they allow, and of its entries those that are
 * well-formed.
 * @param keys only these, when given: what may be taken from a caller that is not trusted.
 */
export function readBaggage(headers: Headers, keys?: readonly string[]): Baggage | undefined {
  const header = headers.get('baggage')
  if (!header) return undefined
  const found = new Map<string, string>()
  for (const member of upTo(header, most.bytes).split(',')) {
    const [key, value] = entryOf(member)
    if (key && value !== undefined && (!keys || keys.includes(key)) && found.size < most.entries) found.set(key, value)
  }
  return found.size > 0 ? found : undefined
}

/** Writes the `baggage` header of a call, in place of any other. */
export function writeBaggage(headers: Headers, baggage: Baggage | undefined): void {
  headers.delete('baggage')
  if (!baggage) return
  const entries = [...baggage].map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join(',')
  headers.set('baggage', upTo(entries, most.bytes))
}

// Whole entries only: half a value says something else.
function upTo(header: string, bytes: number): string {
  return header.length <= bytes ? header : header.slice(0, Math.max(0, header.lastIndexOf(',', bytes)))
}

function entryOf(member: string): [key: string | undefined, value: string | undefined] {
  const [pair = ''] = member.split(';')
  const at = pair.indexOf('=')
  const key = pair.slice(0, at).trim()
  if (at < 1 || !token.test(key)) return [undefined, undefined]
  try {
    return [key, decodeURIComponent(pair.slice(at + 1).trim())]
  } catch {
    return [undefined, undefined]
  }
}
