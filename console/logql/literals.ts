import { RE2JS } from 're2js'
import { QueryError } from './query'

const escapes: Record<string, string> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
  ...{ '\\': '\\', '"': '"', "'": "'" },
}
const escapeSequence =
  /\\(?:([abfnrtv\\"'])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]?))/g

/** The value of a string literal: raw in backquotes, with Go's escapes in double quotes. @throws QueryError */
export function unquote(literal: string): string {
  const text = literal.slice(1, -1)
  if (literal.startsWith('`')) return text
  return text.replace(escapeSequence, (whole, simple, hex, short, long, octal) => {
    if (simple !== undefined) return escapes[simple] ?? ''
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    const code = Number.parseInt(hex ?? short ?? long, 16)
    if (code <= 0x10ffff) return String.fromCodePoint(code)
    throw new QueryError(
      `the string ${literal} has an unknown escape ${whole}: write \\\\ for a backslash, or use backquotes`,
    )
  })
}

const nanosecondsPer: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
  w: 7 * 86_400e9,
  y: 365 * 86_400e9,
}
const durationPart = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w|y)/g
const wholeDuration = new RegExp(`^[-+]?(?:${durationPart.source})+$`)

/** The nanoseconds of a duration such as `1h30m`, `-5s` or `0`; `undefined` for any other text. */
export function durationNs(text: string): number | undefined {
  if (text === '0') return 0
  if (!wholeDuration.test(text)) return undefined
  let total = 0
  for (const [, amount, unit = ''] of text.matchAll(durationPart)) total += Number(amount) * (nanosecondsPer[unit] ?? 0)
  return text.startsWith('-') ? -total : total
}

const decimal = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/

/** The number that a text is; `undefined` for any other text. */
export function numberOf(text: string): number | undefined {
  if (decimal.test(text)) return Number(text)
  if (/^[-+]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return /^nan$/i.test(text) ? Number.NaN : undefined
}

// Matching takes time in proportion to line and expression. At this size, a line of 256 KB takes some seconds.
const maxProgramSize = 300

/**
 * A test by a regular expression with RE2's syntax, in linear time. It must match all of the text where `whole` is set, else any
 * part of it.
 * @throws QueryError
 */
export function regex(pattern: string, whole: boolean): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(pattern)
    if (compiled.programSize() > maxProgramSize) throw new Error('it is too large')
    return whole ? (text) => compiled.matches(text) : (text) => compiled.matcher(text).find()
  } catch (error) {
    throw new QueryError(
      `the regular expression ${JSON.stringify(pattern)} is not valid RE2: ${(error as Error).message}`,
    )
  }
}
