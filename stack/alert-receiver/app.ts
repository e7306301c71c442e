import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { maxNotificationBytes, type NotifiedAlert, parseNotification } from '../../console/alerts/notification'
import { createConsoleForwarder } from './forward'

export interface AlertReceiverOptions {
  write: (line: string) => void
  /** The address of a console that shows the alerts too. */
  consoleUrl?: string | undefined
  fetch?: (url: string, init: RequestInit) => Promise<Response>
}

interface ReceivedAlert extends NotifiedAlert {
  receivedAt: string
}

const maxListed = 200
// Alertmanager repeats a notification for hours; stored alerts are not printed again.
const maxStored = 2000

/** Receives Alertmanager’s webhooks at `POST /alerts`, prints each alert once, and lists the last 200 at `GET /alerts`. */
export function createAlertReceiver({ write, consoleUrl, fetch }: AlertReceiverOptions) {
  const stored = new Map<string, ReceivedAlert>()
  const forward =
    consoleUrl === undefined ? undefined : createConsoleForwarder({ url: consoleUrl, write, ...(fetch && { fetch }) })
  return new Hono()
    .get('/ready', (c) => c.json({ status: 'ready' }))
    .get('/alerts', (c) => c.json({ alerts: [...stored.values()].slice(-maxListed).reverse().map(listed) }))
    .post('/alerts', bodyLimit({ maxSize: maxNotificationBytes }), async (c) => {
      // A form on another site cannot send this Content-Type without a CORS preflight.
      if (!c.req.header('content-type')?.startsWith('application/json')) {
        return c.json({ message: 'Content-Type must be application/json' }, 415)
      }
      const body = await c.req.text()
      const result = parseNotification(body)
      if ('problem' in result) return c.json({ message: result.problem }, 400)
      const fresh = result.notification.alerts.filter((alert) => !stored.has(keyOf(alert)))
      for (const alert of fresh) store(alert)
      forward?.(body)
      return c.json({ received: result.notification.alerts.length, fresh: fresh.length })
    })

  function store(alert: NotifiedAlert): void {
    stored.set(keyOf(alert), { ...alert, receivedAt: new Date().toISOString() })
    const [oldest] = stored.keys()
    if (stored.size > maxStored && oldest !== undefined) stored.delete(oldest)
    write(formatAlert(alert))
  }
}

const keyOf = ({ fingerprint, startsAt, status }: NotifiedAlert) => `${fingerprint}\n${startsAt}\n${status}`

function listed({ labels, status, annotations, startsAt, endsAt, receivedAt }: ReceivedAlert) {
  return { name: labels.alertname ?? '', status, labels, annotations, startsAt, endsAt, receivedAt }
}

/** `FIRING   critical ServiceDown product-service: … (since 10:00:05 UTC) http://…/runbooks/ServiceDown` */
function formatAlert({ status, labels, annotations, startsAt, endsAt }: NotifiedAlert): string {
  const { alertname = '?', severity = '?', service_name: service } = labels
  const { summary = '', runbook_url: runbook } = annotations
  const when = status === 'firing' ? `since ${clock(startsAt)}` : `${clock(startsAt)}–${clock(endsAt)}`
  const parts = [
    ...[status.toUpperCase().padEnd(8), severity, alertname, service && `of ${service}`],
    ...[summary && `– ${summary}`, `(${when} UTC)`, runbook],
  ]
  return printable(parts.filter(Boolean).join(' '))
}

const clock = (time: string) => new Date(time).toISOString().slice(11, 19)

// Control characters would break the line or change the terminal.
const printable = (text: string) => text.replace(/\p{Cc}+/gu, ' ')
