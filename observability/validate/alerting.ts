import { fetchJson } from '../../stack/clients/http'
import { findTrace } from '../../stack/clients/jaeger'
import type { Endpoints } from '../../stack/endpoints'
import { type Check, eventually } from './check'
import { fetchLoadedRules, readRepositoryRules } from './rules'
import { sendTestAlert } from './test-alert'

/** Checks of rules, exemplars and the delivery of an alert. */
export function alertingChecks(endpoints: Endpoints): Check[] {
  const { prometheus, alertmanager, jaeger, shrink } = endpoints
  return [
    {
      name: 'Every rule is healthy',
      expected: 'all rules of the repository, each evaluated without an error',
      advice: `see ${prometheus}/rules for the error; \`bun run generate\` writes the rules`,
      run: () => eventually(() => healthy(prometheus, shrink)),
    },
    {
      name: 'Each exemplar’s trace exists',
      expected: 'exemplars of the last half hour, each trace in Jaeger',
      advice: 'exemplars come from span_metrics/stored, after the sampler: see collector.yaml',
      run: () => eventually(() => exemplars(prometheus, jaeger)),
    },
    {
      name: 'A test alert reaches a receiver',
      expected: 'within 30 s, at the development receiver if there is one and at every integration',
      advice: `see ${alertmanager}/#/status and Alertmanager’s log; ALERT_* set the receivers`,
      run: () => sendTestAlert(endpoints),
    },
  ]
}

async function healthy(prometheus: string, shrink: number) {
  const loaded = await fetchLoadedRules(prometheus)
  const unhealthy = loaded.filter(({ health }) => health !== 'ok')
  const expected = new Set((await readRepositoryRules(shrink)).map(({ name }) => name))
  const missing = [...expected].filter((name) => !loaded.some((rule) => rule.name === name))
  const problems = [
    ...unhealthy.map(({ name, lastError, health }) => `${name}: ${lastError || health}`),
    ...missing.map((name) => `${name} is missing`),
  ]
  const alerts = loaded.filter(({ type }) => type === 'alerting').length
  return {
    ok: problems.length === 0 && alerts > 0,
    seen: problems.join('; ') || `${loaded.length} rules, ${alerts} of them alerts`,
  }
}

async function exemplars(prometheus: string, jaeger: string) {
  const now = Date.now() / 1000
  const search = new URLSearchParams({
    query: 'traces_stored_duration_seconds_bucket',
    start: String(now - 1800),
    end: String(now),
  })
  type Series = { exemplars: { labels: Record<string, string>; timestamp: number }[] }
  const { data } = await fetchJson<{ data: Series[] }>(`${prometheus}/api/v1/query_exemplars?${search}`)
  const all = data.flatMap((series) => series.exemplars).sort((a, b) => b.timestamp - a.timestamp)
  const ids = [...new Set(all.map(({ labels }) => labels.trace_id ?? ''))].slice(0, 50)
  const lost: string[] = []
  for (const id of ids) if ((await findTrace(jaeger, id)).length === 0) lost.push(id)
  const seen = `${all.length} exemplars; of ${ids.length} traces ${lost.length} are not in Jaeger ${lost.slice(0, 3).join(' ')}`
  return { ok: ids.length > 0 && lost.length === 0, seen }
}
