import fc from 'fast-check'
import { productId } from '../shop'

/** Texts that programs get wrong. */
export const oddTexts = [
  '',
  ' ',
  '\t',
  '\u0000',
  'a\u0000b',
  '\r\nX-Injected: 1',
  '\uD800',
  '\uDFFFx',
  '\uFEFF',
  '\u202Eevil',
  '名前😀',
  'e\u0301'.repeat(60),
  'ﷺ'.repeat(30),
  "' OR '1'='1",
  "'; DROP TABLE products; --",
  '%',
  '_',
  '\\',
  '%00',
  '%ff',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '{{7*7}}',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-0',
  '1e400',
  '9007199254740993',
  'x'.repeat(200),
  'x'.repeat(3000),
  productId(1).toUpperCase(),
  `${productId(1)} `,
]

export const oddNumbers = [0, -0, -1, 0.1, 1e-320, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, 1e300, -(2 ** 31) - 1]

/** A value that no schema expects. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...oddTexts) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(...oddNumbers) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { length: 1 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 50 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
)
