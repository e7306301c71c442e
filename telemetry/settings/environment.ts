export type Environment = Record<string, string | undefined>

/** Reads environment variables. An invalid value is replaced by its default and reported in `warnings`. */
export function environmentReader(env: Environment) {
  // A set: a variable that three signals read is reported once.
  const warnings = new Set<string>()
  // Source: OpenTelemetry "Environment Variable Specification": an empty value is treated as unset.
  const get = (name: string) => env[name]?.trim() || undefined

  return { warnings: () => [...warnings], get, warn, number, integer, oneOf, pairs, flag }

  function warn(text: string): void {
    warnings.add(text)
  }

  function number(name: string, fallback: number, min: number, max = 2 ** 31 - 1): number {
    const text = get(name)
    if (text === undefined) return fallback
    const value = Number(text)
    if (value >= min && value <= max) return value
    warn(`${name}=${text} is not a number from ${min} to ${max}; using ${fallback}`)
    return fallback
  }

  function oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const text = get(name)
    if (text === undefined) return fallback
    const found = allowed.find((value) => value === text.toLowerCase())
    if (found) return found
    warn(`${name}=${text} is not one of ${allowed.join(', ')}; using ${fallback}`)
    return fallback
  }

  function integer(name: string, fallback: number, min: number, max?: number): number {
    const value = number(name, fallback, min, max)
    if (Number.isInteger(value)) return value
    warn(`${name}=${get(name)} is not a whole number; using ${fallback}`)
    return fallback
  }

  function flag(name: string): boolean {
    return oneOf(name, ['true', 'false'], 'false') === 'true'
  }

  /** `key=value,key=value`, values percent-encoded. */
  function pairs(name: string): Record<string, string> {
    const found: Record<string, string> = {}
    for (const pair of (env[name] ?? '').split(',').filter((text) => text.trim() !== '')) {
      const [key, value] = decodePair(pair)
      if (key && value !== undefined) found[key] = value
      else warn(`${name}: ${describePair(pair)} is not key=value; ignored`)
    }
    return found
  }
}

export type EnvironmentReader = ReturnType<typeof environmentReader>

// Shows only the beginning of a malformed pair: headers contain secrets.
const describePair = (pair: string) => `the pair that begins with "${pair.trim().slice(0, 8).split('=')[0]}"`

function decodePair(pair: string): [string | undefined, string | undefined] {
  const index = pair.indexOf('=')
  if (index < 1) return [undefined, undefined]
  try {
    return [decodeURIComponent(pair.slice(0, index).trim()), decodeURIComponent(pair.slice(index + 1).trim())]
  } catch {
    return [undefined, undefined]
  }
}
