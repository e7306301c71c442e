import { fetchJson } from '../../stack/clients/http'
import { renderRuleFiles } from '../prometheus/rule-files'
import { parseDurationS } from './contains'

/** The parts of a rule that its file defines. */
export interface RuleDefinition {
  name: string
  query: string
  /** Seconds that the condition must hold before the alert fires. */
  duration: number
  labels: Record<string, string>
  annotations: Record<string, string>
}

export interface LoadedRule extends RuleDefinition {
  type: 'alerting' | 'recording'
  health: string
  lastError?: string
}

/** The rules that Prometheus evaluates. */
export async function fetchLoadedRules(prometheus: string): Promise<LoadedRule[]> {
  const { data } = await fetchJson<{ data: { groups: { rules: LoadedRule[] }[] } }>(`${prometheus}/api/v1/rules`)
  return data.groups.flatMap((group) => group.rules.map((rule) => ({ ...recordingDefaults, ...rule })))
}

/** The rules of the repository’s files, or rendered with shorter windows when `shrink` is not 1. */
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

// A recording rule has none of these fields.
const recordingDefaults = { duration: 0, labels: {}, annotations: {} }

const files = (): Promise<string[]> =>
  Promise.all(
    [...new Bun.Glob('observability/prometheus/rules/*.yml').scanSync('.')].map((path) => Bun.file(path).text()),
  )
