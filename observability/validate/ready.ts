import { fetchJson } from '../../stack/clients/prometheus'
import type { Endpoints } from '../../stack/endpoints'
import { type Check, eventually } from './check'
import type { LogServer } from './log-server'

const withinMs = 15_000

/** Every service and server answers that it is ready, and Prometheus reaches what it scrapes and whom it tells. */
export function readyChecks(places: Endpoints, logServer: LogServer): Check[] {
  const start = places.isNative ? 'bun run stack start NAME' : 'docker compose up -d --wait'
  const servers: Record<string, [url: string, advice: string]> = {
    collector: [`${places.collector}/v1/logs`, start],
    jaeger: [`${places.jaeger}/api/services`, start],
    prometheus: [`${places.prometheus}/-/ready`, start],
    [logServer.name]: [`${places.loki}/ready`, start.replace('NAME', logServer.process)],
    alertmanager: [`${places.alertmanager}/-/ready`, start],
  }
  const shop = places.isNative ? 'bun run dev start NAME' : start
  const services = Object.entries(places.shop).map(([name, url]) => [name, [`${url}/ready`, shop]] as const)
  return [
    ...[...services, ...Object.entries(servers)].map(
      ([name, [url = '', advice = '']]): Check => ({
        name: `${name} is ready`,
        expected: `200 from ${url}`,
        advice: `${advice.replace('NAME', name.replace('-service', ''))}; then look at its log`,
        run: () => eventually(() => answers(url), withinMs),
      }),
    ),
    {
      name: 'Prometheus scrapes the servers of the stack',
      expected: `the jobs otel-collector, prometheus, loki (${logServer.name}), jaeger and alertmanager up`,
      advice: `see ${places.prometheus}/targets for the error of each`,
      run: () => eventually(() => targets(places.prometheus), withinMs),
    },
    {
      name: 'Prometheus knows its Alertmanager',
      expected: 'one active Alertmanager',
      advice: 'see targets/alertmanager.json beside prometheus.yml',
      async run() {
        type Answer = { data: { activeAlertmanagers: { url: string }[] } }
        const { data } = await fetchJson<Answer>(`${places.prometheus}/api/v1/alertmanagers`)
        const urls = data.activeAlertmanagers.map(({ url }) => url)
        return { ok: urls.length === 1, seen: urls.join(', ') || 'none' }
      },
    },
  ]
}

async function answers(url: string) {
  // Nothing to say is taken by a receiver of OTLP too, and shows that it listens.
  const init = url.endsWith('/v1/logs')
    ? { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }
    : {}
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(3000) }).catch(() => undefined)
  return { ok: answer?.ok ?? false, seen: answer ? String(answer.status) : 'no answer' }
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
