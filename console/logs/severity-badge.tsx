import type { FC } from 'hono/jsx'
import { type Level, levelOf } from './severity'

const looks: Partial<Record<Level, string>> = { warn: 'warn', error: 'bad', fatal: 'bad' }

/** How bad a line is, by OTLP's severity number. */
export const SeverityBadge: FC<{ severity: number }> = ({ severity }) => {
  const level = levelOf(severity)
  return <span class={`badge ${(level && looks[level]) ?? ''}`}>{level ?? '–'}</span>
}
