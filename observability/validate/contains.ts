import type { CheckResult } from './check'

/** In a wanted text: what stands there may be anything. */
export const anyValue = '__anywhere__'

/** Whether all that `wanted` says stands in `running`, which may say more. */
export function contains(wanted: unknown, running: unknown): CheckResult {
  const differences = compare(wanted, running, '')
  return { ok: differences.length === 0, seen: differences.slice(0, 5).join('; ') || 'the same' }
}

function compare(wanted: unknown, running: unknown, at: string): string[] {
  if (Array.isArray(wanted) && Array.isArray(running)) {
    const tooMany = running.length > wanted.length ? [`${at.slice(1)} has ${running.length - wanted.length} more`] : []
    return [...wanted.flatMap((one, index) => compare(one, running[index], `${at}[${index}]`)), ...tooMany]
  }
  if (isObject(wanted) && isObject(running))
    return Object.entries(wanted).flatMap(([key, value]) => compare(value, running[key], `${at}.${key}`))
  if (String(wanted).includes(anyValue) || normal(wanted) === normal(running)) return []
  // Prometheus tells paths from the root.
  if (/^(rules|targets)\//.test(String(wanted)) && String(running).endsWith(`/${wanted}`)) return []
  return [`${at.slice(1)} is ${JSON.stringify(running)}, the file says ${JSON.stringify(wanted)}`]
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** `360h` and `15d`, `64MB` and 64, are the same to who reads durations and sizes. */
function normal(value: unknown): string {
  const seconds = parseDurationS(String(value))
  return Number.isNaN(seconds) ? String(value) : `${seconds} s`
}

const seconds = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** Seconds of `1h30m`; not a number where it is no such duration. */
export function parseDurationS(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return Number.NaN
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * seconds[unit as keyof typeof seconds], 0)
}
