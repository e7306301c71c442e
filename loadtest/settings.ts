import { isShape, type Settings } from './shapes.ts'

/**
 * Reads the variables that `bun run loadtest` passes to an engine. Without that command:
 * `k6 run -e SHAPE=average -e URL=http://localhost:5000 loadtest/k6/shop.ts`.
 * @throws Error for a shape that does not exist
 */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const shape = env.SHAPE ?? 'smoke'
  if (!isShape(shape)) throw new Error(`there is no load shape ${shape}`)
  return {
    shape,
    url: env.URL ?? 'http://localhost:5000',
    run: env.RUN ?? `${shape}-by-hand`,
    journey: env.JOURNEY ?? 'mixed',
    rate: number(env.RATE),
    durationS: number(env.DURATION_S),
    thinkS: number(env.THINK_S),
    p95Ms: number(env.P95_MS),
    maxLagMs: number(env.MAX_LAG_MS),
  }
}

/** The variables that `readSettings` reads. */
export function settingsAsEnv(settings: Settings): Record<string, string> {
  const { shape, url, run, journey, rate, durationS, thinkS, p95Ms, maxLagMs } = settings
  const numbers = { RATE: rate, DURATION_S: durationS, THINK_S: thinkS, P95_MS: p95Ms, MAX_LAG_MS: maxLagMs }
  const given = Object.entries(numbers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return { SHAPE: shape, URL: url, RUN: run, JOURNEY: journey, ...Object.fromEntries(given) }
}

const number = (text: string | undefined): number | undefined => (text ? Number(text) : undefined)
