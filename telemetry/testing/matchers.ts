import { isDeepStrictEqual } from 'node:util'
import type { ExportedSpan } from './otlp'

/** Matchers for `expect.extend`: `expect(span).toHaveAttributes({…})` and `expect(span).toHaveFailed()`. */
export const matchers = {
  toHaveAttributes(received: unknown, expected: Record<string, unknown>) {
    const { attributes } = received as { attributes: Record<string, unknown> }
    const differing = Object.keys(expected).filter((key) => !isDeepStrictEqual(attributes[key], expected[key]))
    const message = () =>
      differing.map((key) => `${key}: ${json(attributes[key])}, not ${json(expected[key])}`).join('\n')
    return { pass: differing.length === 0, message }
  },
  toHaveFailed(received: unknown) {
    const { status, name } = received as ExportedSpan
    return { pass: status.code === 2, message: () => `span "${name}" is not an error span` }
  },
}

const json = (value: unknown) => JSON.stringify(value)
