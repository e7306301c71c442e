import type { Rule } from '../views'
import type { AlertNotification, NotifiedAlert } from './notification'

/** An alert that an Alertmanager has told of. */
export interface ReceivedAlert {
  name: string
  severity: Rule['severity']
  /** Empty where it is about no program. */
  service: string
  summary: string
  runbookUrl: string | undefined
  sinceUs: number
  untilUs: number | undefined
  /** Whether it went by silence: nobody said that it is over. */
  isExpired: boolean
}

interface Kept extends ReceivedAlert {
  fingerprint: string
  heardMs: number
}

const mostFiring = 500
const mostPast = 50
// What is over while another alert inhibits it is never told: three repetitions of 5 minutes.
const lostAfterMs = 15 * 60_000

/** Keeps what Alertmanagers tell: what fires, at most 500, and what is over, the last 50. Deliveries repeat and overtake. */
export function createReceivedAlerts() {
  const firing = new Map<string, Kept>()
  const past: Kept[] = []
  return { record, expire, firing: (): ReceivedAlert[] => [...firing.values()], past: (): ReceivedAlert[] => past }

  /** Answers how many of them were news. */
  function record({ alerts }: AlertNotification, nowMs = Date.now()): number {
    const kept = alerts.map((alert) => keptOf(alert, nowMs))
    return kept.filter((alert) => (alert.untilUs === undefined ? begin(alert) : end(alert))).length
  }

  function begin(alert: Kept): boolean {
    const before = past.findIndex((one) => isSame(one, alert))
    if (before >= 0 && !past[before]?.isExpired) return false
    if (before >= 0) past.splice(before, 1)
    const isKnown = firing.delete(alert.fingerprint)
    firing.set(alert.fingerprint, alert)
    const [oldest] = firing.keys()
    if (firing.size > mostFiring && oldest !== undefined) firing.delete(oldest)
    return !isKnown
  }

  function end(alert: Kept): boolean {
    const known = firing.get(alert.fingerprint)
    // It may fire again already.
    if (known && known.sinceUs <= alert.sinceUs) firing.delete(alert.fingerprint)
    const before = past.findIndex((one) => isSame(one, alert))
    if (before >= 0) past.splice(before, 1)
    past.unshift(alert)
    past.length = Math.min(past.length, mostPast)
    return before < 0
  }

  /** Gives up what nobody has repeated for a quarter of an hour. */
  function expire(nowMs = Date.now()): void {
    for (const alert of firing.values()) {
      if (nowMs - alert.heardMs > lostAfterMs) end({ ...alert, untilUs: alert.heardMs * 1000, isExpired: true })
    }
  }
}

export type ReceivedAlerts = ReturnType<typeof createReceivedAlerts>

const isSame = (one: Kept, other: Kept) => one.fingerprint === other.fingerprint && one.sinceUs === other.sinceUs

function keptOf({ labels, annotations, status, startsAt, endsAt, fingerprint }: NotifiedAlert, heardMs: number): Kept {
  return {
    name: short(labels.alertname) || '–',
    severity: severityOf(labels.severity),
    service: short(labels.service_name ?? labels.service),
    summary: short(annotations.summary ?? annotations.description),
    runbookUrl: webAddress(annotations.runbook_url),
    sinceUs: Date.parse(startsAt) * 1000,
    untilUs: status === 'resolved' ? Date.parse(endsAt) * 1000 : undefined,
    isExpired: false,
    fingerprint,
    heardMs,
  }
}

const mostCharacters = 500

const short = (text = '') => text.slice(0, mostCharacters)

const severityOf = (label: string | undefined) => (label === 'critical' || label === 'info' ? label : 'warning')

// A link of another scheme would be a script in our page.
function webAddress(text = ''): string | undefined {
  const url = URL.parse(text)
  return url && /^https?:$/.test(url.protocol) && url.href.length <= 2000 ? url.href : undefined
}
