import type { Attributes } from '@opentelemetry/api'

declare module 'bun:test' {
  interface Matchers<T> {
    toHaveAttributes(wanted: Attributes): void
    toHaveFailed(): void
  }
}
