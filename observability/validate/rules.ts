import { fetchJson } from '../../stack/clients/prometheus'
import { rules } from '../prometheus/rules'
import { secondsOf } from './contains'

/** What somebody wrote of a rule. */
export interface WrittenRule {
  name: string
  query: string
  /** Seconds that it must hold before it fires. */
  duration: number
  labels: Record<string, string>
  annotations: Record<string, string>
}

export interface RunningRule extends WrittenRule {
  type: 'alerting' | 'recording'
  health: string
  lastError?: string
}

/** What Prometheus evaluates. */
export async function runningRules(prometheus: string): Promise<RunningRule[]> {
  const { data } = await fetchJson<{ data: { groups: { rules: RunningRule[] }[] } }>(`${prometheus}/api/v1/rules`)
  return data.groups.flatMap((group) => group.rules.map((rule) => ({ ...bare, ...rule })))
}

/** What it should evaluate: the files of the repository, or for a demonstration what they would be with shorter windows. */
export async function rulesOfRepository(shrink: number): Promise<WrittenRule[]> {
  const texts = shrink === 1 ? await files() : Object.values(rules({ shrink }))
  type Rule = Partial<WrittenRule> & { alert?: string; record?: string; expr: string; for?: string }
  type File = { groups: { rules: Rule[] }[] }
  return texts
    .flatMap((text) => (Bun.YAML.parse(text) as File).groups.flatMap((group) => group.rules))
    .map(({ alert, record, expr, for: duration = '0s', labels = {}, annotations = {} }) => ({
      name: alert ?? record ?? '',
      query: expr,
      duration: secondsOf(duration),
      labels,
      annotations,
    }))
}

// A recording rule has none of them.
const bare = { duration: 0, labels: {}, annotations: {} }

const files = (): Promise<string[]> =>
  Promise.all(
    [...new Bun.Glob('observability/prometheus/rules/*.yml').scanSync('.')].map((path) => Bun.file(path).text()),
  )
