import { describe, expect, test } from 'bun:test'
import { parseNotification } from './notification'

const alert = {
  status: 'firing',
  labels: { alertname: 'ServiceDown' },
  startsAt: '2026-11-25T10:00:00.123456789+01:00',
  endsAt: '0001-01-01T00:00:00Z',
  fingerprint: 'c7f1',
}

describe('a notification of Alertmanager', () => {
  test('is parsed, with defaults for missing members', () => {
    const result = parseNotification(JSON.stringify({ version: '4', groupKey: '{}', alerts: [alert] }))
    expect(result).toEqual({
      notification: {
        ...{ version: '4', receiver: '', externalURL: '' },
        alerts: [{ ...alert, annotations: {}, generatorURL: '' } as never],
      },
    })
  })

  test.each([
    ['no JSON', '{', 'the body: '],
    ['another version', JSON.stringify({ version: '3', alerts: [] }), 'version: must be "4"'],
    [
      'no timestamp',
      JSON.stringify({ version: '4', alerts: [{ ...alert, startsAt: 'now' }] }),
      'alerts.0.startsAt: must be a',
    ],
    [
      'no fingerprint',
      JSON.stringify({ version: '4', alerts: [{ ...alert, fingerprint: '' }] }),
      'alerts.0.fingerprint',
    ],
    [
      'numbers in labels',
      JSON.stringify({ version: '4', alerts: [{ ...alert, labels: { a: 1 } }] }),
      'alerts.0.labels.a',
    ],
  ])('is rejected with the path of the problem: %s', (_, body, problem) => {
    const result = parseNotification(body)
    expect('problem' in result && result.problem).toContain(problem)
  })
})
