import { programOnPath } from '../stack/native/program-on-path'

export const engineNames = ['built-in', 'k6'] as const
export type EngineName = (typeof engineNames)[number]
export const isEngineName = (name: string): name is EngineName => (engineNames as readonly string[]).includes(name)

/** Runs the journeys: k6, or the built-in engine. */
export type Engine = { name: 'built-in' } | { name: 'k6'; path: string; version: string }

/** The first major version of k6 that runs TypeScript. */
const minMajor = 1

type Env = Record<string, string | undefined>

/**
 * Returns the chosen engine; without a choice k6 if it is on the `PATH`, otherwise the built-in one.
 * @throws Error with instructions, when k6 is chosen and missing or too old
 */
export function findEngine(chosen: EngineName | undefined, env: Env): Engine {
  if (chosen === 'built-in') return { name: 'built-in' }
  const k6 = k6On(env)
  if (k6 && majorOf(k6.version) >= minMajor) return k6
  if (chosen === undefined) return { name: 'built-in' }
  const missing = k6 ? `${k6.path} is ${k6.version}; k6 runs TypeScript from v${minMajor} on` : 'no k6 on the PATH'
  throw new Error(`${missing}.\n${advice}`)
}

/** The engine with its version, for reports. */
export const engineLabel = (engine: Engine): string => (engine.name === 'k6' ? `k6 ${engine.version}` : engine.name)

/** The line about the engine at the start of a run. */
export function engineText(engine: Engine): string {
  if (engine.name === 'k6') return `load engine: ${engineLabel(engine)}, ${engine.path}`
  return 'load engine: built-in (--engine k6 uses a k6 on the PATH)'
}

const advice = [
  'Install it from its own packages: https://grafana.com/docs/k6/latest/set-up/install-k6/',
  'or leave out --engine: the built-in engine needs nothing installed.',
].join('\n')

function k6On(env: Env): (Engine & { name: 'k6' }) | undefined {
  const path = programOnPath('k6', env)
  if (!path) return undefined
  const output = Bun.spawnSync([path, 'version']).stdout.toString()
  return { name: 'k6', path, version: /v\d+[\w.-]*/.exec(output)?.[0] ?? 'of an unknown version' }
}

const majorOf = (version: string): number => Number(/^v(\d+)\./.exec(version)?.[1] ?? 0)
