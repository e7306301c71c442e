import { ask } from '../backends'
import { rules } from '../prometheus/rules'

export interface RunningRule {
  name: string
  query: string
  type: 'alerting' | 'recording'
  health: string
  lastError?: string
}

/** What Prometheus evaluates. */
export async function runningRules(prometheus: string): Promise<RunningRule[]> {
  const { data } = await ask<{ data: { groups: { rules: RunningRule[] }[] } }>(`${prometheus}/api/v1/rules`)
  return data.groups.flatMap((group) => group.rules)
}

/** What it should evaluate: the files of the repository, or for a demonstration what they would be with shorter windows. */
export async function rulesOfRepository(shrink: number): Promise<{ name: string; expr: string }[]> {
  const texts = shrink === 1 ? await files() : Object.values(rules({ shrink }))
  type File = { groups: { rules: { alert?: string; record?: string; expr: string }[] }[] }
  return texts.flatMap((text) =>
    (Bun.YAML.parse(text) as File).groups
      .flatMap((group) => group.rules)
      .map(({ alert, record, expr }) => ({ name: alert ?? record ?? '', expr })),
  )
}

const files = (): Promise<string[]> =>
  Promise.all(
    [...new Bun.Glob('observability/prometheus/rules/*.yml').scanSync('.')].map((path) => Bun.file(path).text()),
  )
