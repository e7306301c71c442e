import type { Attributes, AttributeValue } from '@opentelemetry/api'
import { reportFailure } from './diagnostics'
import { memo } from './shared-attributes'

/** What stands in the place of a secret. */
export const redactedValue = 'REDACTED'

// The end of a key, without its separators: `db.password`, `accessToken`, `X-Api-Key`.
const secretKey =
  /(passwords?|passwd|pwd|passphrase|(secret|token)(s|key|value)?|authorization|cookies?|(api|access|private|service)keys?|credentials?|cardnumber|cvc2?|cvv2?|iban|jwt|session(id)?|emails?|emailaddress)$/i
// A word of its own only: `compass` is none.
const secretWord = /(^|[._-])pass$/i

// What may be one of the shapes below; by far most text is not, and this is all that it costs.
const suspect =
  /eyJ|earer |asic |PRIVATE KEY|@|%40|AKIA|ASIA|gh[pousr]_|xox[abprs]-|sk_|(?:\d[ -]?){13}|(?:ken|word|wd|secret|key)"?\s*[=:]/i

const shapes: [shape: RegExp, shown: string | ((found: string) => string)][] = [
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

// Receivers refuse lines beyond some size for good, and the search below must stay cheap.
const mostCharacters = 8192

/**
 * Text without what looks like a secret or an address of a person: tokens, keys, passwords in URLs, card numbers. Of more
 * than 8192 characters the first.
 */
export function redactText(text: string): string {
  if (text.length > mostCharacters) return redactText(`${text.slice(0, mostCharacters - 1)}…`)
  if (text.length < 8 || !suspect.test(text)) return text
  return shapes.reduce((left, [shape, shown]) => left.replace(shape, shown as string), text)
}

// Circles end here.
const deepest = 6

/** A value fit for a signal: `REDACTED` where its key names a secret, without secrets by shape elsewhere. */
export function redact(key: string, value: AttributeValue, depth = 0): AttributeValue {
  if (isSecretKey(key)) return isCount(key, value) ? value : redactedValue
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return value.slice()
  if (depth === deepest) return '…'
  if (Array.isArray(value)) return value.map((one) => redact('', one, depth + 1)) as AttributeValue
  return redactAll(value as Attributes, depth + 1)
}

/**
 * The same for all of them, in an object that nobody else has: it is written later, when theirs may say something else.
 * What can't be read is left out.
 */
export function redactAll(attributes: Attributes, depth = 0): Attributes {
  try {
    return copied(attributes, depth)
  } catch (error) {
    reportFailure('reading attributes', error)
    return readable(attributes, depth)
  }
}

function copied(attributes: Attributes, depth: number): Attributes {
  const clean: Attributes = {}
  for (const key in attributes) {
    const value = attributes[key]
    if (value !== undefined) clean[key] = redact(key, value, depth)
  }
  return clean
}

function readable(attributes: Attributes, depth: number): Attributes {
  const left: Attributes = {}
  for (const key in attributes) {
    try {
      left[key] = redact(key, attributes[key] as AttributeValue, depth)
    } catch {
      // Left out.
    }
  }
  return left
}

// `gen_ai.usage.input_tokens` says how many.
const isCount = (key: string, value: AttributeValue) => typeof value === 'number' && key.endsWith('s')

/** Whether a value of that key is a secret, whatever it looks like. */
export const isSecretKey = memo((key: string) => secretKey.test(key.replaceAll(/[._-]/g, '')) || secretWord.test(key))

// Source: ISO/IEC 7812-1, annex B (Luhn).
function isCardNumber(text: string): boolean {
  const digits = [...text.replaceAll(/\D/g, '')].reverse().map(Number)
  const sum = digits.reduce((total, digit, at) => total + (at % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0)
  return digits.length >= 13 && sum % 10 === 0
}
