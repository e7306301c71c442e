import type { FC } from 'hono/jsx'

/**
 * The first SeverityNumber of each level, in ascending order.
 * @see https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber
 */
export const levels = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 } as const

export type Level = keyof typeof levels

const names = Object.keys(levels) as Level[]

/** The level of a SeverityNumber; `undefined` for 0, which is unspecified. */
export function levelOf(severity: number): Level | undefined {
  return names.findLast((name) => levels[name] <= severity)
}

export const isLevel = (text: string | undefined): text is Level => names.includes(text as Level)

const badgeClasses: Partial<Record<Level, string>> = { warn: 'warn', error: 'bad', fatal: 'bad' }

/** The level of a log record as a colored badge. */
export const SeverityBadge: FC<{ severity: number }> = ({ severity }) => {
  const level = levelOf(severity)
  return <span class={`badge ${(level && badgeClasses[level]) ?? ''}`}>{level ?? '–'}</span>
}
