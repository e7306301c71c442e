import { fetchJson } from '../../stack/clients/http'
import { queryPrometheus } from '../../stack/clients/prometheus'
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

/** Each server runs the configuration of the repository, as far as its API reports it. */
export function configurationChecks(endpoints: Endpoints, logServer: LogServer): Check[] {
  const restart = 'the file has changed since the server started: restart it'
  const { prometheus, loki, alertmanager } = endpoints
  return [
    {
      name: 'The collector runs collector.yaml',
      expected: 'the hash of the file in its target_info',
      advice: restart,
      run: () => configHash(prometheus, 'otel-collector', 'collector.yaml'),
    },
    {
      name: 'Jaeger runs jaeger.yaml',
      expected: 'the hash of the file in its target_info',
      advice: restart,
      run: () => configHash(prometheus, 'jaeger', 'observability/jaeger/jaeger.yaml'),
    },
    {
      name: 'Prometheus runs prometheus.yml',
      expected: 'every setting of the file in /api/v1/status/config',
      advice: `${restart}, or POST ${prometheus}/-/reload`,
      async run() {
        const { data } = await fetchJson<{ data: { yaml: string } }>(`${prometheus}/api/v1/status/config`)
        return contains(await yaml('observability/prometheus/prometheus.yml'), Bun.YAML.parse(data.yaml))
      },
    },
    {
      name: 'Prometheus runs the rules of the repository',
      expected: 'exactly the rules of the files, with their durations, labels and annotations',
      advice: `POST ${prometheus}/-/reload`,
      run: () => sameRules(prometheus, endpoints.shrink),
    },
    {
      name: 'Prometheus retains 35 days, exemplars, and takes OTLP',
      expected: 'retention 35d, exemplar-storage and created-timestamp-zero-ingestion, the OTLP receiver',
      advice: 'see its command in compose.yaml or stack/native/servers.ts',
      async run() {
        const { data } = await fetchJson<{ data: Record<string, string> }>(`${prometheus}/api/v1/status/flags`)
        const {
          'storage.tsdb.retention.time': retention = '',
          'enable-feature': features = '',
          'web.enable-otlp-receiver': otlp,
        } = data
        const ok =
          /^(35d|5w)$/.test(retention) &&
          features.includes('exemplar-storage') &&
          features.includes('created-timestamp') &&
          otlp === 'true'
        return { ok, seen: `retention ${retention}, features ${features}, OTLP ${otlp}` }
      },
    },
    logServerConfigCheck(loki, logServer, restart),
    {
      name: 'Alertmanager runs the configuration from observability/alertmanager',
      expected: 'the routes, inhibitions and receivers of the repository in /api/v2/status',
      advice: restart,
      run: () => checkAlertmanagerConfig(alertmanager, process.env),
    },
  ]
}

/** `ALERT_*` may be set only where Alertmanager runs, so integrations that it has configured count as set here. */
export async function checkAlertmanagerConfig(
  alertmanager: string,
  env: Record<string, string | undefined>,
): Promise<CheckResult> {
  const running = await fetchAlertmanagerConfig(alertmanager)
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value))
  const expected = alertmanagerConfig({ ...settingsMatching(running), ...given })
  return contains(withIntegrations(expected as unknown as AlertmanagerConfig), withIntegrations(running))
}

const withIntegrations = ({ route, inhibit_rules, receivers }: AlertmanagerConfig) => ({
  route,
  inhibit_rules,
  receivers: receivers.map(({ name }) => `${name}: ${JSON.stringify(integrationsOf({ receivers }, name))}`),
})

const yaml = async (path: string): Promise<unknown> => Bun.YAML.parse(await Bun.file(path).text())

async function configHash(prometheus: string, job: string, file: string): Promise<CheckResult> {
  const expected = configHashOf(await Bun.file(file).text())
  const found = await queryPrometheus(prometheus, `target_info{job="${job}", vitrine_config!=""}`)
  const running = found.map(({ labels }) => labels.vitrine_config ?? '')
  return {
    ok: running.length > 0 && running.every((one) => one === expected),
    seen: `${running.join(', ') || 'no target_info'}; the file has ${expected}`,
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

/** The written parts of a rule as one text. The base URL of its runbook is a setting, so it is not compared. */
function described({
  name,
  query,
  duration,
  labels,
  annotations: { runbook_url, ...annotations },
}: RuleDefinition): string {
  const sorted = (all: Record<string, string>) => Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))
  return `${name} ${JSON.stringify([query.replace(/\s+/g, ''), duration, sorted(labels), sorted(annotations)])}`
}

/** Names rules that differ or are missing, and rules that only Prometheus has. */
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
