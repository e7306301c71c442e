import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { checkAlertmanagerConfig } from '../../observability/validate/configuration'
import { sendTestAlert } from '../../observability/validate/test-alert'
import { createAlertReceiver } from '../../stack/alert-receiver/app'
import { isMissing } from '../requirements'
import { startAlertmanager } from './alertmanager'

const nowhere = 'http://127.0.0.1:9'

// Each alone: what one Alertmanager has counted is not to be another's.
describe.skipIf(isMissing('stack'))('the alert that bun run validate sends', () => {
  let server: ReturnType<typeof Bun.serve>
  beforeAll(() => {
    const receiver = createAlertReceiver({ write: () => undefined })
    server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: (request) =>
        new URL(request.url).pathname.startsWith('/refuses')
          ? new Response('no', { status: 400 })
          : receiver.fetch(request),
    })
  })
  afterAll(() => server.stop(true))

  const sent = async (
    env: Record<string, string>,
    { isNative = false, alertReceiver = server.url.origin, withinMs = 120_000 }: Given = {},
  ) => {
    const alertmanager = await startAlertmanager(env, (text) => text)
    try {
      const seen = await sendTestAlert({ alertmanager: alertmanager.url, alertReceiver, isNative }, withinMs)
      return { ...seen, configuration: await checkAlertmanagerConfig(alertmanager.url, {}) }
    } finally {
      await alertmanager.stop()
    }
  }

  test('arrives at the development receiver', async () => {
    const { ok, seen, configuration } = await sent({ ALERT_RECEIVER_URL: `${server.url}alerts` }, { isNative: true })
    expect([ok, seen]).toEqual([true, expect.stringContaining('the development receiver has it')])
    expect(configuration).toMatchObject({ ok: true })
  }, 180_000)

  test('does not arrive where no server listens, though Alertmanager counts notifications', async () => {
    const given = { isNative: true, alertReceiver: nowhere, withinMs: 5000 }
    expect(await sent({ ALERT_RECEIVER_URL: `${nowhere}/alerts` }, given)).toMatchObject({ ok: false })
  }, 180_000)

  test('arrives in production, where there is no development receiver', async () => {
    const { ok, seen, configuration } = await sent(
      { ALERT_WEBHOOK_URL: `${server.url}alerts` },
      { alertReceiver: nowhere },
    )
    expect([ok, seen]).toEqual([true, expect.stringContaining('webhook: 1 of 1 accepted')])
    expect(configuration).toMatchObject({ ok: true })
  }, 180_000)

  test('does not arrive where one receiver refuses', async () => {
    const env = { ALERT_WEBHOOK_URL: `${server.url}alerts`, ALERT_SLACK_WEBHOOK_URL: `${server.url}refuses` }
    const { ok, seen } = await sent(env, { withinMs: 15_000 })
    expect(ok).toBe(false)
    expect(seen).toContain('webhook: 1 of 1 accepted')
    expect(seen).toContain('slack: 0 of 1 accepted, ')
  }, 180_000)

  test('is skipped without a configured receiver', async () => {
    expect(await sent({})).toMatchObject({ ok: true, seen: 'skipped: no receiver is configured (ALERT_*)' })
  }, 180_000)
})

interface Given {
  isNative?: boolean
  alertReceiver?: string
  /** How long the alert may take; where it is not to arrive, how long the test waits. */
  withinMs?: number
}
