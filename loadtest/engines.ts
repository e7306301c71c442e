import { programOnPath } from '../stack/native/program-on-path'

export const engineNames = ['built-in', 'k6'] as const
export type EngineName = (typeof engineNames)[number]
export const isEngineName = (name: string): name is EngineName => (engineNames as readonly string[]).includes(name)

/** Makes the journeys: k6, or the engine of this repository. */
export type Engine = { name: 'built-in' } | { name: 'k6'; path: string; version: string }

/** k6 runs TypeScript from here on. */
const minMajor = 1

type Env = Record<string, string | undefined>

/**
 * The engine that was chosen; without a choice k6 where it is on the `PATH`, else the built-in one.
 * @throws Error that says how to get k6, where it was chosen and is missing or too old
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

/** What a run is made with, for people. */
export function engineText(engine: Engine): string {
  if (engine.name === 'k6') return `load engine: ${engineLabel(engine)}, ${engine.path}`
  return 'load engine: built-in (--engine k6 takes a k6 from the PATH)'
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
