import { isDeepStrictEqual } from 'node:util'
import type { ExportedSpan } from './otlp'

/** For `expect.extend`: `expect(span).toHaveAttributes({…})` and `expect(span).toHaveFailed()`. */
export const matchers = {
  toHaveAttributes(received: unknown, wanted: Record<string, unknown>) {
    const { attributes } = received as { attributes: Record<string, unknown> }
    const wrong = Object.keys(wanted).filter((key) => !isDeepStrictEqual(attributes[key], wanted[key]))
    const message = () => wrong.map((key) => `${key}: ${show(attributes[key])}, not ${show(wanted[key])}`).join('\n')
    return { pass: wrong.length === 0, message }
  },
  toHaveFailed(received: unknown) {
    const { status, name } = received as ExportedSpan
    return { pass: status.code === 2, message: () => `span "${name}" is not an error span` }
  },
}

const show = (value: unknown) => JSON.stringify(value)
