import { expect, test } from 'bun:test'
import {
  type ActiveAlert,
  type AlertNotification,
  type AlertObservation,
  observe,
  type WatchedAlert,
} from './alert-watch'
import { at, expected, onsetMs } from './example-run'

const iso = (s: number) => new Date(at(s)).toISOString()
const labels = { alertname: 'ServiceDown', service_name: 'product-service' }
const active = (state: ActiveAlert['state'], sinceS: number, otherLabels = {}): ActiveAlert => ({
  ...{ labels: { ...labels, ...otherLabels }, state, activeAt: iso(sinceS) },
})
const notification = (status: AlertNotification['status'], receivedS: number): AlertNotification => ({
  ...{ labels, status, startsAt: iso(0), receivedAt: iso(receivedS) },
})
const observeAt = (watched: WatchedAlert, nowS: number, observation: Partial<AlertObservation>) =>
  observe(watched, { active: [], notifications: [], nowMs: at(nowS), onsetMs, endMs: undefined, ...observation })

test('an alert is pending, fires, is notified, and is resolved when it is inactive after the end', () => {
  const watched: WatchedAlert = { expected }
  observeAt(watched, 5, { active: [active('firing', 1, { service_name: 'frontend' })] })
  expect(watched).toEqual({ expected })
  observeAt(watched, 35, { active: [active('pending', 34)] })
  observeAt(watched, 45, { active: [active('firing', 34)] })
  observeAt(watched, 46, { active: [active('firing', 34)], notifications: [notification('firing', 45.5)] })
  observeAt(watched, 55, { endMs: at(50), notifications: [notification('resolved', 54)] })
  expect(watched).toEqual({
    ...{ expected, firedBefore: false },
    ...{ pendingMs: at(34), firingMs: at(45), notifiedMs: at(45.5), resolvedMs: at(55) },
  })
})

test('an alert that was active before the onset is recorded as such, without its earlier notification', () => {
  const watched: WatchedAlert = { expected }
  observeAt(watched, 1, { active: [active('firing', -20)], notifications: [notification('firing', -10)] })
  expect(watched).toMatchObject({ firedBefore: true, pendingMs: onsetMs })
  expect(watched.notifiedMs).toBeUndefined()
})

test('an alert that fires again after the end is not resolved', () => {
  const watched: WatchedAlert = { expected }
  observeAt(watched, 40, { active: [active('firing', 30)] })
  observeAt(watched, 52, { endMs: at(50) })
  observeAt(watched, 57, { endMs: at(50), active: [active('firing', 53)] })
  expect(watched.resolvedMs).toBeUndefined()
})
