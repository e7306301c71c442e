import { isShape, type Settings } from './shapes.ts'

/** What `loadtest/run.ts` says to k6; by hand: `k6 run -e SHAPE=average -e URL=http://localhost:5000 loadtest/shop.ts`. */
export const settings: Settings = read(__ENV)

function read(env: Record<string, string | undefined>): Settings {
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
  }
}

// A function, as it is called while this file loads.
function number(text: string | undefined): number | undefined {
  return text ? Number(text) : undefined
}
