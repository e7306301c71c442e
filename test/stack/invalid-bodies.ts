/** A body that no JSON API may take, nor fail on, and what is right to response. */
export interface InvalidBody {
  body: string | Uint8Array<ArrayBuffer>
  contentType: string | undefined
}

const json = 'application/json'
const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)))
const utf16 = (text: string) => new Uint8Array([0xff, 0xfe, ...[...text].flatMap((one) => [one.charCodeAt(0), 0])])
const deep = 30_000

/** Each is wrong for every route that takes JSON here. */
export const invalidBodies: Record<string, InvalidBody> = {
  'cut off': { body: '{"quantity": 1', contentType: json },
  'a comma too many': { body: '{"quantity": 1,}', contentType: json },
  'none at all': { body: '', contentType: json },
  'a zero byte': { body: '\0', contentType: json },
  null: { body: 'null', contentType: json },
  'a list': { body: '[{"quantity": 1}]', contentType: json },
  'fields of other types': {
    body: '{"quantity":"one","product_id":7,"username":{},"password":[],"items":true,"expected_total_cents":null,"stock":"x"}',
    contentType: json,
  },
  'a number that is none': { body: '{"quantity":1e999,"expected_total_cents":1e999,"stock":1e999}', contentType: json },
  'a prototype': { body: '{"__proto__":{"quantity":1},"constructor":{"prototype":{}},"stock":-1}', contentType: json },
  'bytes that are no UTF-8': {
    body: bytes('{"quantity":"', [0xff, 0xc0, 0x80], '","stock":"', [0xed, 0xa0, 0x80], '"}'),
    contentType: json,
  },
  'UTF-16': { body: utf16('{"quantity":1}'), contentType: `${json}; charset=utf-16` },
  'nested without an end': { body: '['.repeat(deep), contentType: json },
  'nested objects': { body: `${'{"a":'.repeat(deep / 6)}1${'}'.repeat(deep / 6)}`, contentType: json },
  'nested where a number is expected': {
    body: `{"quantity":${'['.repeat(deep)}${']'.repeat(deep)},"stock":[]}`,
    contentType: json,
  },
  'larger than is read': { body: `{"quantity":"${'x'.repeat(200_000)}"}`, contentType: json },
  'a form': { body: 'quantity=1', contentType: 'application/x-www-form-urlencoded' },
  'JSON that says it is text': { body: '{"quantity":1}', contentType: 'text/plain' },
  'JSON that says nothing': { body: bytes('{"quantity":1}'), contentType: undefined },
}
