import type { Rule } from '../views'
import type { AlertNotification, NotifiedAlert } from './notification'

/** An alert from a notification of Alertmanager. */
export interface ReceivedAlert {
  name: string
  severity: Rule['severity']
  /** Empty for an alert without a service. */
  service: string
  summary: string
  runbookUrl: string | undefined
  sinceUs: number
  untilUs: number | undefined
  /** Whether it ended without a notification that it is resolved. */
  isExpired: boolean
}

interface StoredAlert extends ReceivedAlert {
  fingerprint: string
  lastSeenMs: number
}

const maxFiring = 500
const maxPast = 50
// Three repetitions of 5 minutes. Alertmanager does not notify when an alert is resolved while it is inhibited.
const expireAfterMs = 15 * 60_000

/** Stores the alerts of notifications: up to 500 firing and 50 past ones. Notifications repeat and arrive out of order. */
export function createReceivedAlerts() {
  const firing = new Map<string, StoredAlert>()
  const past: StoredAlert[] = []
  return { record, expire, firing: (): ReceivedAlert[] => [...firing.values()], past: (): ReceivedAlert[] => past }

  /** Returns how many of the alerts started or ended. */
  function record({ alerts }: AlertNotification, nowMs = Date.now()): number {
    const received = alerts.map((alert) => toStoredAlert(alert, nowMs))
    return received.filter((alert) => (alert.untilUs === undefined ? start(alert) : end(alert))).length
  }

  function start(alert: StoredAlert): boolean {
    const pastIndex = past.findIndex((other) => isSame(other, alert))
    if (pastIndex >= 0 && !past[pastIndex]?.isExpired) return false
    if (pastIndex >= 0) past.splice(pastIndex, 1)
    const wasFiring = firing.delete(alert.fingerprint)
    firing.set(alert.fingerprint, alert)
    const [oldest] = firing.keys()
    if (firing.size > maxFiring && oldest !== undefined) firing.delete(oldest)
    return !wasFiring
  }

  function end(alert: StoredAlert): boolean {
    const current = firing.get(alert.fingerprint)
    // The alert may already fire again, with a later start.
    if (current && current.sinceUs <= alert.sinceUs) firing.delete(alert.fingerprint)
    const pastIndex = past.findIndex((other) => isSame(other, alert))
    if (pastIndex >= 0) past.splice(pastIndex, 1)
    past.unshift(alert)
    past.length = Math.min(past.length, maxPast)
    return pastIndex < 0
  }

  /** Ends the alerts that no notification has repeated for 15 minutes. */
  function expire(nowMs = Date.now()): void {
    for (const alert of firing.values()) {
      const { lastSeenMs } = alert
      if (nowMs - lastSeenMs > expireAfterMs) end({ ...alert, untilUs: lastSeenMs * 1000, isExpired: true })
    }
  }
}

export type ReceivedAlerts = ReturnType<typeof createReceivedAlerts>

const isSame = (a: StoredAlert, b: StoredAlert) => a.fingerprint === b.fingerprint && a.sinceUs === b.sinceUs

function toStoredAlert(alert: NotifiedAlert, lastSeenMs: number): StoredAlert {
  const { labels, annotations, status, startsAt, endsAt, fingerprint } = alert
  return {
    name: truncate(labels.alertname) || '–',
    severity: severityOf(labels.severity),
    service: truncate(labels.service_name ?? labels.service),
    summary: truncate(annotations.summary ?? annotations.description),
    runbookUrl: httpUrl(annotations.runbook_url),
    sinceUs: Date.parse(startsAt) * 1000,
    untilUs: status === 'resolved' ? Date.parse(endsAt) * 1000 : undefined,
    isExpired: false,
    fingerprint,
    lastSeenMs,
  }
}

const maxCharacters = 500

const truncate = (text = '') => text.slice(0, maxCharacters)

const severityOf = (label: string | undefined) => (label === 'critical' || label === 'info' ? label : 'warning')

// A link with the scheme `javascript:` would run as a script of the page.
function httpUrl(text = ''): string | undefined {
  const url = URL.parse(text)
  return url && /^https?:$/.test(url.protocol) && url.href.length <= 2000 ? url.href : undefined
}
