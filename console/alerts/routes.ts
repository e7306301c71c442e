import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Store } from '../store'
import type { MergedAlert, MergedAlerts } from './merged-alerts'
import { maxNotificationBytes, parseNotification } from './notification'
import type { ReceivedAlerts } from './received-alerts'

const limit = bodyLimit({
  maxSize: maxNotificationBytes,
  onError: (c) => c.json({ message: 'more than 1 MB in one notification: set max_alerts of the webhook' }, 413),
})

/** `POST /api/alerts` receives notifications of Alertmanager, `GET /api/alerts` returns firing and past alerts. */
export function alertRoutes(store: Store, received: ReceivedAlerts, merged: MergedAlerts) {
  return new Hono()
    .post('/api/alerts', limit, async (c) => {
      const result = parseNotification(await c.req.text())
      if ('problem' in result) return c.json({ message: result.problem }, 400)
      store.countAlerts(received.record(result.notification))
      return c.json({ received: result.notification.alerts.length })
    })
    .get('/api/alerts', (c) => {
      const alerts = [...merged.firing(), ...merged.past()]
      return c.json({ alerts: alerts.map((alert) => toJson(alert, c.req.url)) })
    })
}

function toJson(alert: MergedAlert, baseUrl: string) {
  const { name, severity, service, summary, value, sinceUs, untilUs, runbookUrl, isFromAlertmanager, isExpired } = alert
  const sources = [...(value === undefined ? [] : ['console']), ...(isFromAlertmanager ? ['alertmanager'] : [])]
  return {
    ...{ name, severity, service: service || null, summary: summary.en, value: value ?? null, sources },
    ...{ state: untilUs === undefined ? 'firing' : isExpired ? 'lost' : 'over', since_us: sinceUs },
    ...{ until_us: untilUs ?? null, runbook_url: runbookUrl ? new URL(runbookUrl, baseUrl).href : null },
  }
}
