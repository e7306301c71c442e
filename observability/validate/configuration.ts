import { ask, promql } from '../backends'
import { stampOf } from '../stamp'
import type { Check, Seen } from './check'
import type { Places } from './places'

/** What runs is what the repository says: each server's own account of its configuration. */
export function configurationChecks(places: Places): Check[] {
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
        const { data } = await ask<{ data: { yaml: string } }>(`${prometheus}/api/v1/status/config`)
        return contains(await yaml('observability/prometheus/prometheus.yml'), Bun.YAML.parse(data.yaml))
      },
    },
    {
      name: 'Prometheus runs the rules of the repository',
      expected: 'the expression of each rule as it stands in the files',
      advice: `POST ${prometheus}/-/reload`,
      run: () => rules(prometheus),
    },
    {
      name: 'Prometheus keeps 35 days, exemplars, and takes OTLP',
      expected: 'retention 35d, exemplar-storage and created-timestamp-zero-ingestion, the OTLP receiver',
      advice: 'see its command in compose.yaml or observability/native/servers.ts',
      async run() {
        const { data } = await ask<{ data: Record<string, string> }>(`${prometheus}/api/v1/status/flags`)
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
    {
      name: 'Loki runs loki.yaml',
      expected: 'all that the file says in /config',
      advice: restart,
      async run() {
        const running = Bun.YAML.parse(await (await fetch(`${loki}/config`)).text())
        const { auth_enabled, ...shown } = expanded(await Bun.file('observability/loki/loki.yaml').text())
        // Loki tells all but this one, which compose and native set to the same anyway.
        return contains(auth_enabled === false ? shown : { auth_enabled }, running)
      },
    },
    {
      name: 'Alertmanager runs what is made from observability/alertmanager',
      expected: 'the routes and inhibitions of the repository in /api/v2/status',
      advice: restart,
      async run() {
        const { config } = await ask<{ config: { original: string } }>(`${alertmanager}/api/v2/status`)
        const { alertmanagerConfig } = await import('../alertmanager/config')
        const wanted = alertmanagerConfig({ ALERT_RECEIVER_URL: 'http://receiver/alerts', ...process.env })
        const { route, inhibit_rules } = wanted as { route: unknown; inhibit_rules: unknown }
        return contains({ route, inhibit_rules }, Bun.YAML.parse(config.original))
      },
    },
  ]
}

const yaml = async (path: string): Promise<unknown> => Bun.YAML.parse(await Bun.file(path).text())

async function stamp(prometheus: string, job: string, file: string): Promise<Seen> {
  const wanted = stampOf(await Bun.file(file).text())
  const found = await promql(prometheus, `target_info{job="${job}", vitrine_config!=""}`)
  const running = found.map(({ labels }) => labels.vitrine_config ?? '')
  return {
    ok: running.length > 0 && running.every((one) => one === wanted),
    seen: `${running.join(', ') || 'no target_info'}; the file’s is ${wanted}`,
  }
}

async function rules(prometheus: string): Promise<Seen> {
  type Group = { name: string; rules: { name: string; query: string }[] }
  const { data } = await ask<{ data: { groups: Group[] } }>(`${prometheus}/api/v1/rules`)
  const running = new Set(
    data.groups.flatMap((group) => group.rules.map(({ name, query }) => `${name}\n${squeezed(query)}`)),
  )
  const wanted: string[] = []
  for await (const path of new Bun.Glob('observability/prometheus/rules/*.yml').scan('.')) {
    type File = { groups: { rules: { alert?: string; record?: string; expr: string }[] }[] }
    for (const { alert, record, expr } of ((await yaml(path)) as File).groups.flatMap((group) => group.rules)) {
      const { data: formatted } = await ask<{ data: string }>(
        `${prometheus}/api/v1/format_query?${new URLSearchParams({ query: expr })}`,
      )
      wanted.push(`${alert ?? record}\n${squeezed(formatted)}`)
    }
  }
  const other = wanted.filter((rule) => !running.has(rule)).map((rule) => rule.split('\n')[0])
  return {
    ok: wanted.length > 0 && other.length === 0,
    seen: other.length > 0 ? `different: ${other.join(', ')}` : `${wanted.length} rules, the same`,
  }
}

const squeezed = (query: string) => query.replace(/\s+/g, '')

/** `${NAME:-default}` as its default: places, which differ between machines, are not compared. */
function expanded(text: string): Record<string, unknown> {
  return Bun.YAML.parse(text.replace(/\$\{[A-Z_]+:-[^}]*\}/g, anywhere)) as Record<string, unknown>
}

const anywhere = '__anywhere__'

/** Whether all that `wanted` says stands in `running`, which may say more. */
function contains(wanted: unknown, running: unknown): Seen {
  const differences = compare(wanted, running, '')
  return { ok: differences.length === 0, seen: differences.slice(0, 5).join('; ') || 'the same' }
}

function compare(wanted: unknown, running: unknown, at: string): string[] {
  if (Array.isArray(wanted) && Array.isArray(running))
    return wanted.flatMap((one, index) => compare(one, running[index], `${at}[${index}]`))
  if (isObject(wanted) && isObject(running))
    return Object.entries(wanted).flatMap(([key, value]) => compare(value, running[key], `${at}.${key}`))
  if (String(wanted).includes(anywhere) || normal(wanted) === normal(running)) return []
  // Prometheus tells paths from the root.
  if (/^(rules|targets)\//.test(String(wanted)) && String(running).endsWith(`/${wanted}`)) return []
  return [`${at.slice(1)} is ${JSON.stringify(running)}, the file says ${JSON.stringify(wanted)}`]
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** `360h` and `15d`, `64MB` and 64, are the same to who reads durations and sizes. */
function normal(value: unknown): string {
  const text = String(value)
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return text
  const seconds = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
  return `${parts.reduce((sum, [, number, unit]) => sum + Number(number) * seconds[unit as keyof typeof seconds], 0)} s`
}
