import { ask, storedTrace } from '../backends'
import { type Check, eventually } from './check'
import type { Places } from './places'

interface Rule {
  name: string
  type: 'alerting' | 'recording'
  health: string
  lastError?: string
}

/** Rules, exemplars, and the way of an alert to somebody who reads it. */
export function alertingChecks({ prometheus, alertmanager, receiver, jaeger }: Places): Check[] {
  return [
    {
      name: 'Every rule is healthy',
      expected: 'all rules of the repository, each evaluated without an error',
      advice: `see ${prometheus}/rules for the error; \`bun run generate\` writes the rules`,
      run: () => eventually(() => rules(prometheus)),
    },
    {
      name: 'Each exemplar’s trace exists',
      expected: 'exemplars of the last half hour, each trace in Jaeger',
      advice: 'exemplars come from span_metrics/stored, behind the sampler: see collector.yaml',
      run: () => eventually(() => exemplars(prometheus, jaeger)),
    },
    {
      name: 'A test alert reaches a receiver',
      expected: 'firing at the development receiver',
      advice: `see ${alertmanager}/#/status and Alertmanager’s log; ALERT_RECEIVER_URL says where alerts go`,
      run: () => testAlert(alertmanager, receiver),
    },
  ]
}

async function rules(prometheus: string) {
  const { data } = await ask<{ data: { groups: { rules: Rule[] }[] } }>(`${prometheus}/api/v1/rules`)
  const running = data.groups.flatMap((group) => group.rules)
  const sick = running.filter(({ health }) => health !== 'ok')
  const wanted = await rulesOfRepository()
  const missing = [...wanted].filter((name) => !running.some((rule) => rule.name === name))
  const problems = [
    ...sick.map(({ name, lastError, health }) => `${name}: ${lastError || health}`),
    ...missing.map((name) => `${name} is missing`),
  ]
  const alerts = running.filter(({ type }) => type === 'alerting').length
  return {
    ok: problems.length === 0 && alerts > 0,
    seen: problems.join('; ') || `${running.length} rules, ${alerts} of them alerts`,
  }
}

async function rulesOfRepository(): Promise<Set<string>> {
  const names = new Set<string>()
  type File = { groups: { rules: { alert?: string; record?: string }[] }[] }
  for await (const path of new Bun.Glob('observability/prometheus/rules/*.yml').scan('.')) {
    const { groups } = Bun.YAML.parse(await Bun.file(path).text()) as File
    for (const { alert, record } of groups.flatMap((group) => group.rules)) names.add(alert ?? record ?? '')
  }
  return names
}

async function exemplars(prometheus: string, jaeger: string) {
  const now = Date.now() / 1000
  const search = new URLSearchParams({
    query: 'traces_stored_duration_seconds_bucket',
    start: String(now - 1800),
    end: String(now),
  })
  type Series = { exemplars: { labels: Record<string, string>; timestamp: number }[] }
  const { data } = await ask<{ data: Series[] }>(`${prometheus}/api/v1/query_exemplars?${search}`)
  const all = data.flatMap((series) => series.exemplars).sort((a, b) => b.timestamp - a.timestamp)
  const ids = [...new Set(all.map(({ labels }) => labels.trace_id ?? ''))].slice(0, 50)
  const lost: string[] = []
  for (const id of ids) if ((await storedTrace(jaeger, id)).length === 0) lost.push(id)
  const seen = `${all.length} exemplars; of ${ids.length} traces ${lost.length} are not in Jaeger ${lost.slice(0, 3).join(' ')}`
  return { ok: ids.length > 0 && lost.length === 0, seen }
}

async function testAlert(alertmanager: string, receiver: string) {
  const startsAt = new Date()
  const labels = { alertname: 'ValidateTest', severity: 'critical', run: Bun.randomUUIDv7() }
  const annotations = { summary: 'bun run validate looks whether alerts arrive' }
  const alert = { labels, annotations, startsAt, endsAt: new Date(startsAt.getTime() + 60_000) }
  const body = JSON.stringify([alert])
  const answer = await fetch(`${alertmanager}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  })
  if (!answer.ok) return { ok: false, seen: `Alertmanager answers ${answer.status}: ${await answer.text()}` }
  const found = await eventually(async () => {
    const { alerts } = await ask<{ alerts: { labels: { run?: string }; status: string }[] }>(`${receiver}/alerts`)
    const own = alerts.find((one) => one.labels.run === labels.run)
    const seconds = ((Date.now() - startsAt.getTime()) / 1000).toFixed(1)
    return { ok: own !== undefined, seen: own ? `${own.status} after ${seconds} s` : `nothing after ${seconds} s` }
  }, 45_000)
  const over = JSON.stringify([{ ...alert, endsAt: new Date() }])
  await fetch(`${alertmanager}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: over,
  })
  return found
}
