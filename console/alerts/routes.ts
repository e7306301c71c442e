import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Store } from '../store'
import type { MergedAlert, MergedAlerts } from './merged-alerts'
import { maxNotificationBytes, parseNotification } from './notification'
import type { ReceivedAlerts } from './received-alerts'

const limit = bodyLimit({
  maxSize: maxNotificationBytes,
  onError: (c) => c.json({ message: 'more than 1 MB in one notification: give the webhook a max_alerts' }, 413),
})

/** `POST /api/alerts` takes an Alertmanager's webhooks, `GET /api/alerts` says what fires and what is over. */
export function alertRoutes(store: Store, received: ReceivedAlerts, shown: MergedAlerts) {
  return new Hono()
    .post('/api/alerts', limit, async (c) => {
      const read = parseNotification(await c.req.text())
      if ('problem' in read) return c.json({ message: read.problem }, 400)
      store.countAlerts(received.record(read.notification))
      return c.json({ received: read.notification.alerts.length })
    })
    .get('/api/alerts', (c) => c.json({ alerts: [...shown.firing(), ...shown.past()].map(plain) }))
}

function plain(alert: MergedAlert) {
  const { name, severity, service, summary, value, sinceUs, untilUs, runbookUrl, isFromAlertmanager, isExpired } = alert
  const sources = [...(value === undefined ? [] : ['console']), ...(isFromAlertmanager ? ['alertmanager'] : [])]
  return {
    ...{ name, severity, service: service || null, summary: summary.en, value: value ?? null, sources },
    ...{ state: untilUs === undefined ? 'firing' : isExpired ? 'lost' : 'over', since_us: sinceUs },
    ...{ until_us: untilUs ?? null, runbook_url: runbookUrl ?? null },
  }
}
