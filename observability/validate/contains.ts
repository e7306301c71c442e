import type { CheckResult } from './check'

/** A placeholder in an expected text that matches any value. */
export const anyValue = '__anywhere__'

/** Compares the settings in `expected` with those in `running`, which may have more. */
export function contains(expected: unknown, running: unknown): CheckResult {
  const differences = compare(expected, running, '')
  return { ok: differences.length === 0, seen: differences.slice(0, 5).join('; ') || 'the same' }
}

function compare(expected: unknown, running: unknown, at: string): string[] {
  if (Array.isArray(expected) && Array.isArray(running)) {
    const tooMany =
      running.length > expected.length ? [`${at.slice(1)} has ${running.length - expected.length} more`] : []
    return [...expected.flatMap((one, index) => compare(one, running[index], `${at}[${index}]`)), ...tooMany]
  }
  if (isObject(expected) && isObject(running))
    return Object.entries(expected).flatMap(([key, value]) => compare(value, running[key], `${at}.${key}`))
  if (String(expected).includes(anyValue) || normal(expected) === normal(running)) return []
  // Prometheus reports absolute paths.
  if (/^(rules|targets)\//.test(String(expected)) && String(running).endsWith(`/${expected}`)) return []
  return [`${at.slice(1)} is ${JSON.stringify(running)}, the file has ${JSON.stringify(expected)}`]
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** `360h` and `15d` are the same duration. */
function normal(value: unknown): string {
  const seconds = parseDurationS(String(value))
  return Number.isNaN(seconds) ? String(value) : `${seconds} s`
}

const seconds = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** Parses `1h30m` to seconds; `NaN` for other texts. */
export function parseDurationS(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return Number.NaN
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * seconds[unit as keyof typeof seconds], 0)
}
