import type { Attributes, AttributeValue } from '@opentelemetry/api'
import { reportFailure } from './diagnostics'
import { memoize } from './memoize'

/** The replacement of a secret. */
export const redactedValue = 'REDACTED'

// Matches the end of a key, without separators: `db.password`, `accessToken`, `X-Api-Key`.
const secretKey =
  /(passwords?|passwd|pwd|passphrase|(secret|token)(s|key|value)?|authorization|cookies?|(api|access|private|service)keys?|credentials?|cardnumber|cvc2?|cvv2?|iban|jwt|session(id)?|emails?|emailaddress)$/i
// `pass` as a whole word: not `compass`.
const secretWord = /(^|[._-])pass$/i

// A cheap pre-check: almost no text contains any of these, and only then the patterns below run.
const mayHoldSecret =
  /eyJ|earer |asic |PRIVATE KEY|@|%40|AKIA|ASIA|gh[pousr]_|xox[abprs]-|sk_|(?:\d[ -]?){13}|(?:ken|word|wd|secret|key)"?\s*[=:]/i

const patterns: [pattern: RegExp, replacement: string | ((found: string) => string)][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, redactedValue],
  [/\beyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*/g, redactedValue],
  [/\b(Bearer|Basic) +[\w.~+/-]{6,}=*/gi, `$1 ${redactedValue}`],
  [/(:\/\/)[^\s/:@]*:[^\s/@]+@/g, `$1${redactedValue}@`],
  [/\b(?!REDACTED@)[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+/gi, redactedValue],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, redactedValue],
  [/\b(?:gh[pousr]_\w{20,}|xox[abprs]-[\w-]{10,}|sk_(?:live|test)_\w{10,})/g, redactedValue],
  [/\b((?:\w*token|password|passwd|pwd|secret|\w*key)=)[^\s&;,]+/gi, `$1${redactedValue}`],
  [
    /\b((?:password|passwd|pwd|secret|api_?key|(?:access|refresh)_?token)"?\s*:\s*"?)[^\s&;,"]+/gi,
    `$1${redactedValue}`,
  ],
  [/\b[2-6](?:[ -]?\d){12,18}\b/g, (found) => (isCardNumber(found) ? redactedValue : found)],
]

// Receivers reject very long lines, and the search must stay cheap.
const maxCharacters = 8192

/**
 * Replaces what looks like a secret or an e-mail address with `REDACTED`: tokens, keys, passwords in URLs, card numbers.
 * Text is cut at 8192 characters.
 */
export function redactText(text: string): string {
  if (text.length > maxCharacters) return redactText(`${text.slice(0, maxCharacters - 1)}…`)
  if (text.length < 8 || !mayHoldSecret.test(text)) return text
  return patterns.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement as string), text)
}

// Ends circular references.
const maxDepth = 6

/** Redacts an attribute value: entirely if its key names a secret, else by the patterns of secrets in its text. */
export function redact(key: string, value: AttributeValue, depth = 0): AttributeValue {
  if (isSecretKey(key)) return isQuantity(key, value) ? value : redactedValue
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return value.slice()
  if (depth === maxDepth) return '…'
  if (Array.isArray(value)) return value.map((element) => redact('', element, depth + 1)) as AttributeValue
  return redactAll(value as Attributes, depth + 1)
}

/**
 * Redacts attributes into a copy: the caller may change its object before the export. Attributes whose getters throw are
 * left out.
 */
export function redactAll(attributes: Attributes, depth = 0): Attributes {
  try {
    return copy(attributes, depth)
  } catch (error) {
    reportFailure('reading attributes', error)
    return copyReadable(attributes, depth)
  }
}

function copy(attributes: Attributes, depth: number): Attributes {
  const clean: Attributes = {}
  for (const key in attributes) {
    const value = attributes[key]
    if (value !== undefined) clean[key] = redact(key, value, depth)
  }
  return clean
}

function copyReadable(attributes: Attributes, depth: number): Attributes {
  const clean: Attributes = {}
  for (const key in attributes) {
    try {
      clean[key] = redact(key, attributes[key] as AttributeValue, depth)
    } catch {
      // This attribute is left out.
    }
  }
  return clean
}

// `gen_ai.usage.input_tokens` is a number of tokens, not a secret.
const isQuantity = (key: string, value: AttributeValue) => typeof value === 'number' && key.endsWith('s')

/** Whether a key names a secret. */
export const isSecretKey = memoize(
  (key: string) => secretKey.test(key.replaceAll(/[._-]/g, '')) || secretWord.test(key),
)

// Source: ISO/IEC 7812-1, annex B (Luhn).
function isCardNumber(text: string): boolean {
  const digits = [...text.replaceAll(/\D/g, '')].reverse().map(Number)
  const sum = digits.reduce(
    (total, digit, index) => total + (index % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)),
    0,
  )
  return digits.length >= 13 && sum % 10 === 0
}
