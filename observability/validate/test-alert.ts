import { ask } from '../backends'
import { eventually, type Seen } from './check'

/** Sends an alert of the least severity, so that nobody is woken, and looks who hears of it. It is over a moment later. */
export async function testAlert(alertmanager: string, receiver: string): Promise<Seen> {
  const startsAt = new Date()
  const labels = { alertname: 'ValidateTest', severity: 'info', run: Bun.randomUUIDv7() }
  const hasReceiver = (await fetch(`${receiver}/ready`).catch(() => undefined))?.ok ?? false
  const before = await notifications(alertmanager)
  const send = (endsAt: Date) => post(alertmanager, { labels, startsAt, endsAt })
  await send(new Date(startsAt.getTime() + 120_000))
  const heard = hasReceiver ? () => heardBy(receiver, labels.run) : () => told(alertmanager, before)
  const { ok, seen } = await eventually(heard, 90_000)
  await send(new Date())
  return { ok, seen: `${seen} after ${((Date.now() - startsAt.getTime()) / 1000).toFixed(1)} s` }
}

async function post(alertmanager: string, alert: object): Promise<void> {
  const annotations = { summary: 'bun run validate looks whether alerts arrive' }
  const headers = { 'Content-Type': 'application/json' }
  const body = JSON.stringify([{ ...alert, annotations }])
  const answer = await fetch(`${alertmanager}/api/v2/alerts`, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(`Alertmanager answers ${answer.status}: ${await answer.text()}`)
}

async function heardBy(receiver: string, run: string): Promise<Seen> {
  const { alerts } = await ask<{ alerts: { labels: { run?: string }; status: string }[] }>(`${receiver}/alerts`)
  const own = alerts.find(({ labels }) => labels.run === run)
  return { ok: own !== undefined, seen: own ? own.status : 'nothing' }
}

async function told(alertmanager: string, before: Record<'sent' | 'failed', number>): Promise<Seen> {
  const now = await notifications(alertmanager)
  const [sent, failed] = [now.sent - before.sent, now.failed - before.failed]
  return { ok: sent > 0 && failed === 0, seen: `${sent} notifications, ${failed} failed` }
}

async function notifications(alertmanager: string) {
  const text = await (await fetch(`${alertmanager}/metrics`)).text()
  const sum = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}{[^}]*} (.+)$`, 'gm'))].reduce((total, [, value]) => total + Number(value), 0)
  return { sent: sum('alertmanager_notifications_total'), failed: sum('alertmanager_notifications_failed_total') }
}
