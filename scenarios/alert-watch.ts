import { fetchJson } from '../stack/clients/http'
import type { ExpectedAlert } from './contract'

/** An alert in Prometheus' API. */
export interface ActiveAlert {
  labels: Record<string, string>
  state: 'pending' | 'firing'
  activeAt: string
}

/** An alert in a notification that the alert receiver got. */
export interface AlertNotification {
  labels: Record<string, string>
  status: 'firing' | 'resolved'
  startsAt: string
  receivedAt: string
}

/** When an expected alert reached each state, in ms since the epoch. */
export interface WatchedAlert {
  expected: ExpectedAlert
  /** Whether it was already active before the onset, for another reason. */
  firedBefore?: boolean
  pendingMs?: number
  firingMs?: number
  notifiedMs?: number
  resolvedMs?: number
}

export interface AlertObservation {
  active: ActiveAlert[]
  notifications: AlertNotification[]
  nowMs: number
  onsetMs: number
  /** End of the fault; `undefined` while it lasts. */
  endMs?: number | undefined
}

export const fetchActiveAlerts = async (prometheus: string): Promise<ActiveAlert[]> =>
  (await fetchJson<{ data: { alerts: ActiveAlert[] } }>(`${prometheus}/api/v1/alerts`)).data.alerts

export const fetchNotifications = async (receiver: string): Promise<AlertNotification[]> =>
  (await fetchJson<{ alerts: AlertNotification[] }>(`${receiver}/alerts`)).alerts

export const matchesAlert = (
  { name, labels: expected = {} }: Pick<ExpectedAlert, 'name' | 'labels'>,
  labels: Record<string, string>,
): boolean => labels.alertname === name && Object.entries(expected).every(([key, value]) => labels[key] === value)

/** The name with the values of the labels: `HighLatency frontend`. */
export const alertTitle = ({ name, labels = {} }: Pick<ExpectedAlert, 'name' | 'labels'>): string =>
  [name, ...Object.values(labels)].join(' ')

/** Updates `watched` by one observation. An alert is resolved when it has fired and no longer fires after the end of the fault. */
export function observe(
  watched: WatchedAlert,
  { active, notifications, nowMs, onsetMs, endMs }: AlertObservation,
): void {
  const matching = active.filter(({ labels }) => matchesAlert(watched.expected, labels))
  const firing = matching.filter(({ state }) => state === 'firing')
  if (matching.length > 0)
    watched.pendingMs ??= Math.max(onsetMs, Math.min(...matching.map(({ activeAt }) => Date.parse(activeAt))))
  if (firing.length > 0) {
    watched.firedBefore ??= firing.some(({ activeAt }) => Date.parse(activeAt) < onsetMs)
    watched.firingMs ??= nowMs
    delete watched.resolvedMs
  }
  const receivedMs = notifications
    .filter(({ labels, status }) => status === 'firing' && matchesAlert(watched.expected, labels))
    .map(({ receivedAt }) => Date.parse(receivedAt))
    .filter((ms) => ms >= onsetMs)
  if (receivedMs.length > 0) watched.notifiedMs ??= Math.min(...receivedMs)
  if (endMs !== undefined && watched.firingMs !== undefined && firing.length === 0) watched.resolvedMs ??= nowMs
}
