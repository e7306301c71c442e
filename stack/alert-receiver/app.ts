import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { maxNotificationBytes, type NotifiedAlert, parseNotification } from '../../console/alerts/notification'
import { createConsoleForwarder } from './forward'

export interface AlertReceiverOptions {
  write: (line: string) => void
  /** A console of Vitrine that is to show them too. */
  consoleUrl?: string | undefined
  fetch?: (url: string, init: RequestInit) => Promise<Response>
}

interface Received extends NotifiedAlert {
  receivedAt: string
}

const mostShown = 200
// Deliveries repeat for hours.
const mostRemembered = 2000

/** Takes Alertmanager's webhooks at `POST /alerts`, says each alert once, and answers the last 200 at `GET /alerts`. */
export function createAlertReceiver({ write, consoleUrl, fetch }: AlertReceiverOptions) {
  const known = new Map<string, Received>()
  const handOn =
    consoleUrl === undefined ? undefined : createConsoleForwarder({ url: consoleUrl, write, ...(fetch && { fetch }) })
  return new Hono()
    .get('/ready', (c) => c.json({ status: 'ready' }))
    .get('/alerts', (c) => c.json({ alerts: [...known.values()].slice(-mostShown).reverse().map(shown) }))
    .post('/alerts', bodyLimit({ maxSize: maxNotificationBytes }), async (c) => {
      // A form of somebody else's page can't say so without being asked first.
      if (!c.req.header('content-type')?.startsWith('application/json')) {
        return c.json({ message: 'Content-Type must be application/json' }, 415)
      }
      const body = await c.req.text()
      const read = parseNotification(body)
      if ('problem' in read) return c.json({ message: read.problem }, 400)
      const fresh = read.notification.alerts.filter((alert) => !known.has(keyOf(alert)))
      for (const alert of fresh) keep(alert)
      handOn?.(body)
      return c.json({ received: read.notification.alerts.length, fresh: fresh.length })
    })

  function keep(alert: NotifiedAlert): void {
    known.set(keyOf(alert), { ...alert, receivedAt: new Date().toISOString() })
    const [oldest] = known.keys()
    if (known.size > mostRemembered && oldest !== undefined) known.delete(oldest)
    write(line(alert))
  }
}

const keyOf = ({ fingerprint, startsAt, status }: NotifiedAlert) => `${fingerprint}\n${startsAt}\n${status}`

function shown({ labels, status, annotations, startsAt, endsAt, receivedAt }: Received) {
  return { name: labels.alertname ?? '', status, labels, annotations, startsAt, endsAt, receivedAt }
}

/** `FIRING   critical ServiceDown product-service: … (since 10:00:05 UTC) https://…/runbooks/service-down.md` */
function line({ status, labels, annotations, startsAt, endsAt }: NotifiedAlert): string {
  const { alertname = '?', severity = '?', service_name: service } = labels
  const { summary = '', runbook_url: runbook } = annotations
  const when = status === 'firing' ? `since ${clock(startsAt)}` : `${clock(startsAt)}–${clock(endsAt)}`
  const parts = [
    ...[status.toUpperCase().padEnd(8), severity, alertname, service && `of ${service}`],
    ...[summary && `– ${summary}`, `(${when} UTC)`, runbook],
  ]
  return printable(parts.filter(Boolean).join(' '))
}

const clock = (moment: string) => new Date(moment).toISOString().slice(11, 19)

// One alert is one line, whatever its texts hold, and a terminal is told nothing.
const printable = (text: string) => text.replace(/\p{Cc}+/gu, ' ')
