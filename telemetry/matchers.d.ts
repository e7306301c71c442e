import type { Attributes } from '@opentelemetry/api'

declare module 'bun:test' {
  interface Matchers<T> {
    /** For spans: compares the given attributes deeply, and ignores others. */
    toHaveAttributes(expected: Attributes): void
    /** For spans: whether the status is an error. */
    toHaveFailed(): void
  }
}
