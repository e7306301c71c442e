import { ask, promql } from '../backends'
import { stampOf } from '../stamp'
import type { Check, Seen } from './check'
import { anywhere, contains } from './contains'
import type { Places } from './places'
import { rulesOfRepository, runningRules } from './rules'

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
      run: () => sameRules(prometheus, places.shrink),
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

async function sameRules(prometheus: string, shrink: number): Promise<Seen> {
  const running = new Set((await runningRules(prometheus)).map(({ name, query }) => `${name}\n${squeezed(query)}`))
  const wanted = await rulesOfRepository(shrink)
  const other: string[] = []
  for (const { name, expr } of wanted) {
    const search = new URLSearchParams({ query: expr })
    const { data: formatted } = await ask<{ data: string }>(`${prometheus}/api/v1/format_query?${search}`)
    if (!running.has(`${name}\n${squeezed(formatted)}`)) other.push(name)
  }
  const ok = wanted.length > 0 && other.length === 0
  return { ok, seen: ok ? `${wanted.length} rules, the same` : `different: ${other.join(', ')}` }
}

const squeezed = (query: string) => query.replace(/\s+/g, '')

/** `${NAME:-default}` as its default: places, which differ between machines, are not compared. */
function expanded(text: string): Record<string, unknown> {
  return Bun.YAML.parse(text.replace(/\$\{[A-Z_]+:-[^}]*\}/g, anywhere)) as Record<string, unknown>
}
