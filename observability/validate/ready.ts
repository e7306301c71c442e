import { fetchJson } from '../../stack/clients/http'
import type { Endpoints } from '../../stack/endpoints'
import { type Check, eventually } from './check'
import type { LogServer } from './log-server'

const withinMs = 15_000

/** Checks that services and servers are ready, and that Prometheus reaches its targets and its Alertmanager. */
export function readyChecks(endpoints: Endpoints, logServer: LogServer): Check[] {
  const start = endpoints.isNative ? 'bun run stack start NAME' : 'docker compose up -d --wait'
  const servers: Record<string, [url: string, advice: string]> = {
    collector: [`${endpoints.collector}/v1/logs`, start],
    jaeger: [`${endpoints.jaeger}/api/services`, start],
    prometheus: [`${endpoints.prometheus}/-/ready`, start],
    [logServer.name]: [`${endpoints.loki}/ready`, start.replace('NAME', logServer.process)],
    alertmanager: [`${endpoints.alertmanager}/-/ready`, start],
  }
  const shop = endpoints.isNative ? 'bun run dev start NAME' : start
  const services = Object.entries(endpoints.shop).map(([name, url]) => [name, [`${url}/ready`, shop]] as const)
  return [
    ...[...services, ...Object.entries(servers)].map(
      ([name, [url = '', advice = '']]): Check => ({
        name: `${name} is ready`,
        expected: `200 from ${url}`,
        advice: `${advice.replace('NAME', name.replace('-service', ''))}; then look at its log`,
        run: () => eventually(() => respondsOk(url), withinMs),
      }),
    ),
    {
      name: 'Prometheus scrapes the servers of the stack',
      expected: `the jobs otel-collector, prometheus, loki (${logServer.name}), jaeger and alertmanager up`,
      advice: `see ${endpoints.prometheus}/targets for the error of each`,
      run: () => eventually(() => targets(endpoints.prometheus), withinMs),
    },
    {
      name: 'Prometheus has an Alertmanager',
      expected: 'one active Alertmanager',
      advice: 'see targets/alertmanager.json in the folder of prometheus.yml',
      async run() {
        type Result = { data: { activeAlertmanagers: { url: string }[] } }
        const { data } = await fetchJson<Result>(`${endpoints.prometheus}/api/v1/alertmanagers`)
        const urls = data.activeAlertmanagers.map(({ url }) => url)
        return { ok: urls.length === 1, seen: urls.join(', ') || 'none' }
      },
    },
  ]
}

async function respondsOk(url: string) {
  // An OTLP receiver accepts an empty request.
  const init = url.endsWith('/v1/logs')
    ? { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }
    : {}
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(3000) }).catch(() => undefined)
  return { ok: response?.ok ?? false, seen: response ? String(response.status) : 'no response' }
}

async function targets(prometheus: string) {
  type Target = { labels: { job: string }; health: string; lastError: string }
  const { data } = await fetchJson<{ data: { activeTargets: Target[] } }>(`${prometheus}/api/v1/targets?state=active`)
  const up = data.activeTargets.filter(({ health }) => health === 'up').map(({ labels }) => labels.job)
  const down = data.activeTargets.filter(({ health }) => health !== 'up')
  const missing = ['otel-collector', 'prometheus', 'loki', 'jaeger', 'alertmanager'].filter((job) => !up.includes(job))
  const errors = down.map(({ labels, lastError }) => `${labels.job}: ${lastError}`)
  return {
    ok: missing.length === 0,
    seen: missing.length === 0 ? `${up.length} up` : `not up: ${missing.join(', ')} ${errors.join('; ')}`,
  }
}
