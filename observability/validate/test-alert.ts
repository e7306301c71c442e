import { fetchJson, fetchOk } from '../../stack/clients/http'
import type { Endpoints } from '../../stack/endpoints'
import { testAlertName } from '../alertmanager/config'
import { fetchAlertmanagerConfig, integrationsOf } from './alertmanager-config'
import { type CheckResult, eventually } from './check'

/**
 * Sends an alert to every configured receiver and checks that it arrives: at the development receiver when there is one, and
 * at each integration of Alertmanager. Then it resolves the alert.
 */
export async function sendTestAlert(
  endpoints: Pick<Endpoints, 'alertmanager' | 'alertReceiver' | 'isNative'>,
  withinMs = 30_000,
): Promise<CheckResult> {
  const { alertmanager, alertReceiver } = endpoints
  const startsAt = new Date()
  const labels = { alertname: testAlertName, severity: 'info', run: Bun.randomUUIDv7() }
  const config = await fetchAlertmanagerConfig(alertmanager)
  const route = config.route.routes?.find(({ matchers }) => matchers?.join() === `alertname="${testAlertName}"`)
  if (!route) return { ok: false, seen: `it runs a configuration without a route for ${testAlertName}` }
  const integrations = integrationsOf(config, route.receiver)
  const isReceiverExpected = endpoints.isNative || config.receivers.some(({ name }) => name === 'development')
  if (Object.keys(integrations).length === 0 && !isReceiverExpected)
    return { ok: true, seen: 'skipped: no receiver is configured (ALERT_*)' }

  const before = await requests(alertmanager)
  const send = (endsAt: Date) => post(alertmanager, { labels, startsAt, endsAt })
  await send(new Date(startsAt.getTime() + 4 * withinMs))
  const { ok, seen } = await eventually(async () => {
    const delivered = deliveriesOf(integrations, before, await requests(alertmanager))
    const received = isReceiverExpected ? [await receivedBy(alertReceiver, labels.run)] : []
    const all = [...received, ...delivered]
    return { ok: all.every((one) => one.ok), seen: all.map((one) => one.seen).join('; ') }
  }, withinMs)
  await send(new Date())
  return { ok, seen: `${seen} after ${((Date.now() - startsAt.getTime()) / 1000).toFixed(1)} s` }
}

async function post(alertmanager: string, alert: object): Promise<void> {
  const annotations = { summary: 'a test by bun run validate' }
  const headers = { 'Content-Type': 'application/json' }
  const body = JSON.stringify([{ ...alert, annotations }])
  await fetchOk(`${alertmanager}/api/v2/alerts`, { method: 'POST', headers, body })
}

async function receivedBy(alertReceiver: string, run: string): Promise<CheckResult> {
  type Received = { alerts: { labels: { run?: string }; status: string }[] }
  const { alerts } = await fetchJson<Received>(`${alertReceiver}/alerts`, { signal: AbortSignal.timeout(5000) })
  const own = alerts.find(({ labels }) => labels.run === run)
  return {
    ok: own !== undefined,
    seen: `the development receiver has ${own ? `it, ${own.status}` : 'not received it'}`,
  }
}

type Requests = (integration: string) => { done: number; failed: number }

/** Counts requests, not notifications: Alertmanager counts a notification before it knows whether it was accepted. */
function deliveriesOf(integrations: Record<string, number>, before: Requests, now: Requests): CheckResult[] {
  return Object.entries(integrations).map(([integration, expected]) => {
    const failed = now(integration).failed - before(integration).failed
    const accepted = now(integration).done - before(integration).done - failed
    const seen = `${integration}: ${accepted} of ${expected} accepted${failed > 0 ? `, ${failed} requests failed` : ''}`
    return { ok: accepted >= expected && failed === 0, seen }
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
