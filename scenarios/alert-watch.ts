import { fetchJson } from '../stack/clients/prometheus'
import type { ExpectedAlert } from './contract'

/** An alert as Prometheus judges it at this moment. */
export interface ActiveAlert {
  labels: Record<string, string>
  state: 'pending' | 'firing'
  activeAt: string
}

/** An alert as somebody was told of it. */
export interface AlertNotification {
  labels: Record<string, string>
  status: 'firing' | 'resolved'
  startsAt: string
  receivedAt: string
}

/** What became of one expected alert: times in ms since the epoch. */
export interface WatchedAlert {
  expected: ExpectedAlert
  /** Whether it fired before, of something else. */
  firedBefore?: boolean
  pendingMs?: number
  firingMs?: number
  notifiedMs?: number
  resolvedMs?: number
}

export const fetchActiveAlerts = async (prometheus: string): Promise<ActiveAlert[]> =>
  (await fetchJson<{ data: { alerts: ActiveAlert[] } }>(`${prometheus}/api/v1/alerts`)).data.alerts

export const fetchNotifications = async (receiver: string): Promise<AlertNotification[]> =>
  (await fetchJson<{ alerts: AlertNotification[] }>(`${receiver}/alerts`)).alerts

export const matchesAlert = (
  { name, labels: wanted = {} }: Pick<ExpectedAlert, 'name' | 'labels'>,
  labels: Record<string, string>,
): boolean => labels.alertname === name && Object.entries(wanted).every(([key, value]) => labels[key] === value)

/** `HighLatency frontend`: which of the alerts of a name. */
export const alertTitle = ({ name, labels = {} }: Pick<ExpectedAlert, 'name' | 'labels'>): string =>
  [name, ...Object.values(labels)].join(' ')

/** Takes down what is seen at `nowMs`. Over is an alert that has fired and is not active, once the fault has ended. */
export function observe(
  watched: WatchedAlert,
  { active, notifications, nowMs, onsetMs, endMs }: AlertObservation,
): void {
  const own = active.filter(({ labels }) => matchesAlert(watched.expected, labels))
  const firing = own.filter(({ state }) => state === 'firing')
  if (own.length > 0)
    watched.pendingMs ??= Math.max(onsetMs, Math.min(...own.map(({ activeAt }) => Date.parse(activeAt))))
  if (firing.length > 0) {
    watched.firedBefore ??= firing.some(({ activeAt }) => Date.parse(activeAt) < onsetMs)
    watched.firingMs ??= nowMs
    delete watched.resolvedMs
  }
  const heard = notifications
    .filter(({ labels, status }) => status === 'firing' && matchesAlert(watched.expected, labels))
    .map(({ receivedAt }) => Date.parse(receivedAt))
    .filter((ms) => ms >= onsetMs)
  if (heard.length > 0) watched.notifiedMs ??= Math.min(...heard)
  if (endMs !== undefined && watched.firingMs !== undefined && firing.length === 0) watched.resolvedMs ??= nowMs
}

export interface AlertObservation {
  active: ActiveAlert[]
  notifications: AlertNotification[]
  nowMs: number
  onsetMs: number
  /** When the fault was over, once it is. */
  endMs?: number | undefined
}
