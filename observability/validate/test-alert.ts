import { fetchJson, fetchOk } from '../../stack/clients/prometheus'
import type { Endpoints } from '../../stack/endpoints'
import { testAlertName } from '../alertmanager/config'
import { fetchAlertmanagerConfig, integrationsOf } from './alertmanager-config'
import { type CheckResult, eventually } from './check'

/**
 * Sends an alert that goes to everybody who is configured, and looks whether it arrives: at the development receiver where there
 * is to be one, and by each way that Alertmanager knows. It is over a moment later.
 */
export async function sendTestAlert(
  places: Pick<Endpoints, 'alertmanager' | 'receiver' | 'isNative'>,
  withinMs = 30_000,
): Promise<CheckResult> {
  const { alertmanager, receiver } = places
  const startsAt = new Date()
  const labels = { alertname: testAlertName, severity: 'info', run: Bun.randomUUIDv7() }
  const config = await fetchAlertmanagerConfig(alertmanager)
  const route = config.route.routes?.find(({ matchers }) => matchers?.join() === `alertname="${testAlertName}"`)
  if (!route) return { ok: false, seen: `it runs a configuration without a route for ${testAlertName}` }
  const ways = integrationsOf(config, route.receiver)
  const isReceiverExpected = places.isNative || config.receivers.some(({ name }) => name === 'development')
  if (Object.keys(ways).length === 0 && !isReceiverExpected)
    return { ok: true, seen: 'left out: nobody is configured (ALERT_*)' }

  const before = await requests(alertmanager)
  const send = (endsAt: Date) => post(alertmanager, { labels, startsAt, endsAt })
  await send(new Date(startsAt.getTime() + 4 * withinMs))
  const { ok, seen } = await eventually(async () => {
    const told = toldBy(ways, before, await requests(alertmanager))
    const heard = isReceiverExpected ? [await heardBy(receiver, labels.run)] : []
    const all = [...heard, ...told]
    return { ok: all.every((one) => one.ok), seen: all.map((one) => one.seen).join('; ') }
  }, withinMs)
  await send(new Date())
  return { ok, seen: `${seen} after ${((Date.now() - startsAt.getTime()) / 1000).toFixed(1)} s` }
}

async function post(alertmanager: string, alert: object): Promise<void> {
  const annotations = { summary: 'bun run validate looks whether alerts arrive' }
  const headers = { 'Content-Type': 'application/json' }
  const body = JSON.stringify([{ ...alert, annotations }])
  await fetchOk(`${alertmanager}/api/v2/alerts`, { method: 'POST', headers, body })
}

async function heardBy(receiver: string, run: string): Promise<CheckResult> {
  type Heard = { alerts: { labels: { run?: string }; status: string }[] }
  const { alerts } = await fetchJson<Heard>(`${receiver}/alerts`, { signal: AbortSignal.timeout(5000) })
  const own = alerts.find(({ labels }) => labels.run === run)
  return { ok: own !== undefined, seen: `the development receiver has ${own ? `it, ${own.status}` : 'not got it'}` }
}

type Requests = (integration: string) => { done: number; failed: number }

/** A request counts when it is over, a notification when it is begun: only requests say whether somebody took it. */
function toldBy(ways: Record<string, number>, before: Requests, now: Requests): CheckResult[] {
  return Object.entries(ways).map(([way, wanted]) => {
    const failed = now(way).failed - before(way).failed
    const taken = now(way).done - before(way).done - failed
    const seen = `${way}: ${taken} of ${wanted} taken${failed > 0 ? `, ${failed} requests failed` : ''}`
    return { ok: taken >= wanted && failed === 0, seen }
  })
}

async function requests(alertmanager: string): Promise<Requests> {
  const text = await (await fetchOk(`${alertmanager}/metrics`)).text()
  const sum = (name: string, integration: string) =>
    [...text.matchAll(new RegExp(`^${name}{[^}]*integration="${integration}"[^}]*} (.+)$`, 'gm'))].reduce(
      (total, [, value]) => total + Number(value),
      0,
    )
  return (integration) => ({
    done: sum('alertmanager_notification_requests_total', integration),
    failed: sum('alertmanager_notification_requests_failed_total', integration),
  })
}
