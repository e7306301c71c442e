import type { Format } from '../ui/format'

const noBreak = '\u00a0'
const microseconds: Record<string, number> = {
  ns: 0.001,
  us: 1,
  µs: 1,
  ms: 1000,
  s: 1_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
}
const bytes: Record<string, number> = {
  By: 1,
  kBy: 1000,
  MBy: 1_000_000,
  GBy: 1_000_000_000,
  KiBy: 1024,
  MiBy: 1024 ** 2,
  GiBy: 1024 ** 3,
}

type UnitFormat = Pick<Format, 'number' | 'duration' | 'share' | 'bytes'>

/**
 * Formats a value with a readable unit: `0.042` of `s` is 42 ms, `2048` of `By` is 2 KB. Seconds per second are a share.
 * Source: UCUM, as OpenTelemetry's metrics use it; an annotation such as `{request}` is not a unit.
 */
export function formatWithUnit(format: UnitFormat, unit: string, value: number): string {
  if (value < 0) return `-${formatWithUnit(format, unit, -value)}`
  const [base = '', per] = unit.split(/\/(?=s$)/)
  const time = microseconds[base]
  const size = bytes[base]
  if (time !== undefined) return per ? format.share((value * time) / 1_000_000) : format.duration(value * time)
  const perSecond = per ? '/s' : ''
  if (size !== undefined) return `${format.bytes(value * size)}${perSecond}`
  const symbol = perSecond ? '' : symbolOf(base)
  return `${format.number(value)}${symbol && `${noBreak}${symbol}`}${perSecond}`
}

/** Converts a duration to microseconds. A unit that is not one of time counts as seconds. */
export const toMicroseconds = (unit: string, value: number): number => value * (microseconds[unit] ?? 1_000_000)

export const isBytes = (unit: string): boolean => unit.replace(/\/s$/, '') in bytes

// `1` and annotations are not shown.
const symbolOf = (unit: string): string => (unit === '1' ? '' : unit.replace(/\{.*?\}/g, ''))
