import { fetchJson, queryPrometheus } from '../../stack/clients/prometheus'
import type { Endpoints } from '../../stack/endpoints'
import { alertmanagerConfig } from '../alertmanager/config'
import { configHashOf } from '../config-hash'
import {
  type AlertmanagerConfig,
  fetchAlertmanagerConfig,
  integrationsOf,
  settingsMatching,
} from './alertmanager-config'
import type { Check, CheckResult } from './check'
import { contains } from './contains'
import { type LogServer, logServerConfigCheck } from './log-server'
import { fetchLoadedRules, type RuleDefinition, readRepositoryRules } from './rules'

/** What runs is what the repository says: each server's own account of its configuration. */
export function configurationChecks(places: Endpoints, logServer: LogServer): Check[] {
  const restart = 'the file has changed since the server started: restart it'
  const { prometheus, loki, alertmanager } = places
  return [
    {
      name: 'The collector runs collector.yaml',
      expected: 'the stamp of the file in its target_info',
      advice: restart,
      run: () => stamp(prometheus, 'otel-collector', 'collector.yaml'),
    },
    {
      name: 'Jaeger runs jaeger.yaml',
      expected: 'the stamp of the file in its target_info',
      advice: restart,
      run: () => stamp(prometheus, 'jaeger', 'observability/jaeger/jaeger.yaml'),
    },
    {
      name: 'Prometheus runs prometheus.yml',
      expected: 'all that the file says in /api/v1/status/config',
      advice: `${restart}, or POST ${prometheus}/-/reload`,
      async run() {
        const { data } = await fetchJson<{ data: { yaml: string } }>(`${prometheus}/api/v1/status/config`)
        return contains(await yaml('observability/prometheus/prometheus.yml'), Bun.YAML.parse(data.yaml))
      },
    },
    {
      name: 'Prometheus runs the rules of the repository',
      expected: 'each rule as it stands in the files, with its duration, labels and annotations, and no other',
      advice: `POST ${prometheus}/-/reload`,
      run: () => sameRules(prometheus, places.shrink),
    },
    {
      name: 'Prometheus keeps 35 days, exemplars, and takes OTLP',
      expected: 'retention 35d, exemplar-storage and created-timestamp-zero-ingestion, the OTLP receiver',
      advice: 'see its command in compose.yaml or stack/native/servers.ts',
      async run() {
        const { data } = await fetchJson<{ data: Record<string, string> }>(`${prometheus}/api/v1/status/flags`)
        const {
          'storage.tsdb.retention.time': kept = '',
          'enable-feature': features = '',
          'web.enable-otlp-receiver': otlp,
        } = data
        const ok =
          /^(35d|5w)$/.test(kept) &&
          features.includes('exemplar-storage') &&
          features.includes('created-timestamp') &&
          otlp === 'true'
        return { ok, seen: `retention ${kept}, features ${features}, OTLP ${otlp}` }
      },
    },
    logServerConfigCheck(loki, logServer, restart),
    {
      name: 'Alertmanager runs what is made from observability/alertmanager',
      expected: 'the routes, inhibitions and receivers of the repository in /api/v2/status',
      advice: restart,
      run: () => checkAlertmanagerConfig(alertmanager, process.env),
    },
  ]
}

/** Whom it tells is set where it runs, and maybe not here: a way that it knows is taken as set. */
export async function checkAlertmanagerConfig(
  alertmanager: string,
  env: Record<string, string | undefined>,
): Promise<CheckResult> {
  const running = await fetchAlertmanagerConfig(alertmanager)
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value))
  const wanted = alertmanagerConfig({ ...settingsMatching(running), ...set })
  return contains(withWays(wanted as unknown as AlertmanagerConfig), withWays(running))
}

const withWays = ({ route, inhibit_rules, receivers }: AlertmanagerConfig) => ({
  route,
  inhibit_rules,
  receivers: receivers.map(({ name }) => `${name}: ${JSON.stringify(integrationsOf({ receivers }, name))}`),
})

const yaml = async (path: string): Promise<unknown> => Bun.YAML.parse(await Bun.file(path).text())

async function stamp(prometheus: string, job: string, file: string): Promise<CheckResult> {
  const wanted = configHashOf(await Bun.file(file).text())
  const found = await queryPrometheus(prometheus, `target_info{job="${job}", vitrine_config!=""}`)
  const running = found.map(({ labels }) => labels.vitrine_config ?? '')
  return {
    ok: running.length > 0 && running.every((one) => one === wanted),
    seen: `${running.join(', ') || 'no target_info'}; the file’s is ${wanted}`,
  }
}

async function sameRules(prometheus: string, shrink: number): Promise<CheckResult> {
  const wanted = await readRepositoryRules(shrink)
  const formatted = await Promise.all(
    wanted.map(async (rule) => {
      const search = new URLSearchParams({ query: rule.query })
      const { data } = await fetchJson<{ data: string }>(`${prometheus}/api/v1/format_query?${search}`)
      return { ...rule, query: data }
    }),
  )
  return compareRules(formatted.map(described), (await fetchLoadedRules(prometheus)).map(described))
}

/** Everything of a rule that somebody wrote, as one text. */
function described({ name, query, duration, labels, annotations }: RuleDefinition): string {
  const sorted = (all: Record<string, string>) => Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))
  return `${name} ${JSON.stringify([query.replace(/\s+/g, ''), duration, sorted(labels), sorted(annotations)])}`
}

/** Names of what is written and does not run, and of what runs and is not written. */
export function compareRules(wanted: string[], running: string[]): CheckResult {
  const name = (text: string) => text.slice(0, text.indexOf(' '))
  const other = wanted.filter((one) => !running.includes(one)).map(name)
  const unknown = running.filter((one) => !wanted.includes(one)).map(name)
  const onlyRunning = unknown.filter((one) => !other.includes(one))
  const problems = [
    ...(other.length > 0 ? [`different or missing: ${other.join(', ')}`] : []),
    ...(onlyRunning.length > 0 ? [`not in the repository: ${onlyRunning.join(', ')}`] : []),
  ]
  return {
    ok: wanted.length > 0 && problems.length === 0,
    seen: problems.join('; ') || `${wanted.length} rules, the same`,
  }
}
