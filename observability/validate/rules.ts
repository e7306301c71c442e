import { fetchJson } from '../../stack/clients/prometheus'
import { renderRuleFiles } from '../prometheus/rule-files'
import { parseDurationS } from './contains'

/** What somebody wrote of a rule. */
export interface RuleDefinition {
  name: string
  query: string
  /** Seconds that it must hold before it fires. */
  duration: number
  labels: Record<string, string>
  annotations: Record<string, string>
}

export interface LoadedRule extends RuleDefinition {
  type: 'alerting' | 'recording'
  health: string
  lastError?: string
}

/** What Prometheus evaluates. */
export async function fetchLoadedRules(prometheus: string): Promise<LoadedRule[]> {
  const { data } = await fetchJson<{ data: { groups: { rules: LoadedRule[] }[] } }>(`${prometheus}/api/v1/rules`)
  return data.groups.flatMap((group) => group.rules.map((rule) => ({ ...bare, ...rule })))
}

/** What it should evaluate: the files of the repository, or for a demonstration what they would be with shorter windows. */
export async function readRepositoryRules(shrink: number): Promise<RuleDefinition[]> {
  const texts = shrink === 1 ? await files() : Object.values(renderRuleFiles({ shrink }))
  type Rule = Partial<RuleDefinition> & { alert?: string; record?: string; expr: string; for?: string }
  type File = { groups: { rules: Rule[] }[] }
  return texts
    .flatMap((text) => (Bun.YAML.parse(text) as File).groups.flatMap((group) => group.rules))
    .map(({ alert, record, expr, for: duration = '0s', labels = {}, annotations = {} }) => ({
      name: alert ?? record ?? '',
      query: expr,
      duration: parseDurationS(duration),
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
