import { fetchJson } from '../stack/clients/prometheus'
import type { ExpectedAlert } from './contract'

/** An alert as Prometheus judges it at this moment. */
export interface ActiveAlert {
  labels: Record<string, string>
  state: 'pending' | 'firing'
  activeAt: string
}

/** An alert as somebody was told of it. */
export interface ToldAlert {
  labels: Record<string, string>
  status: 'firing' | 'resolved'
  startsAt: string
  receivedAt: string
}

/** What became of one expected alert: times in ms since the epoch. */
export interface Watched {
  expected: ExpectedAlert
  /** Whether it fired before, of something else. */
  already?: boolean
  pendingMs?: number
  firingMs?: number
  toldMs?: number
  clearedMs?: number
}

export const activeAlerts = async (prometheus: string): Promise<ActiveAlert[]> =>
  (await fetchJson<{ data: { alerts: ActiveAlert[] } }>(`${prometheus}/api/v1/alerts`)).data.alerts

export const toldAlerts = async (receiver: string): Promise<ToldAlert[]> =>
  (await fetchJson<{ alerts: ToldAlert[] }>(`${receiver}/alerts`)).alerts

export const isThat = (
  { name, labels: wanted = {} }: Pick<ExpectedAlert, 'name' | 'labels'>,
  labels: Record<string, string>,
): boolean => labels.alertname === name && Object.entries(wanted).every(([key, value]) => labels[key] === value)

/** `HighLatency frontend`: which of the alerts of a name. */
export const titleOf = ({ name, labels = {} }: Pick<ExpectedAlert, 'name' | 'labels'>): string =>
  [name, ...Object.values(labels)].join(' ')

/** Takes down what is seen at `nowMs`. Over is an alert that has fired and is not active, once the fault has ended. */
export function observe(watched: Watched, { active, told, nowMs, onsetMs, endMs }: Sight): void {
  const own = active.filter(({ labels }) => isThat(watched.expected, labels))
  const firing = own.filter(({ state }) => state === 'firing')
  if (own.length > 0)
    watched.pendingMs ??= Math.max(onsetMs, Math.min(...own.map(({ activeAt }) => Date.parse(activeAt))))
  if (firing.length > 0) {
    watched.already ??= firing.some(({ activeAt }) => Date.parse(activeAt) < onsetMs)
    watched.firingMs ??= nowMs
    delete watched.clearedMs
  }
  const heard = told
    .filter(({ labels, status }) => status === 'firing' && isThat(watched.expected, labels))
    .map(({ receivedAt }) => Date.parse(receivedAt))
    .filter((ms) => ms >= onsetMs)
  if (heard.length > 0) watched.toldMs ??= Math.min(...heard)
  if (endMs !== undefined && watched.firingMs !== undefined && firing.length === 0) watched.clearedMs ??= nowMs
}

export interface Sight {
  active: ActiveAlert[]
  told: ToldAlert[]
  nowMs: number
  onsetMs: number
  /** When the fault was over, once it is. */
  endMs?: number | undefined
}
