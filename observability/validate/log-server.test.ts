import { afterAll, describe, expect, test } from 'bun:test'
import { createLogServer } from '../../console/log-server/app'
import { readLokiConfig } from '../../console/loki-api/loki-config'
import { runCheck } from './check'
import { checkLokiConfig, identifyLogServer, logServerConfigCheck } from './log-server'

const text = await Bun.file('observability/loki/loki.yaml').text()
const actions = 'attributes_config:'
const stops: (() => void)[] = []
afterAll(() => {
  for (const stop of stops) stop()
})

describe('what takes the logs', () => {
  test('is the log server, when it says so', async () => {
    expect(await identifyLogServer({ loki: ownLogServer(), isNative: true })).toEqual({
      name: 'the log server',
      process: 'log-server',
    })
  })

  test('is Loki when it does not, however it was started', async () => {
    const loki = stand(() => Response.json({ version: '3.7.8', buildUser: 'root@buildkitsandbox' }))
    expect(await identifyLogServer({ loki, isNative: true })).toEqual({ name: 'Loki', process: 'log-server' })
    expect(await identifyLogServer({ loki, isNative: false })).toEqual({ name: 'Loki', process: 'loki' })
  })

  test('is what is there by default, when nothing responds', async () => {
    const loki = 'http://127.0.0.1:9'
    expect(await identifyLogServer({ loki, isNative: true })).toMatchObject({ name: 'the log server' })
    expect(await identifyLogServer({ loki, isNative: false })).toMatchObject({ name: 'Loki' })
  })
})

describe('the log server', () => {
  test('runs loki.yaml, when it was started with it', async () => {
    const server = { name: 'the log server', process: 'log-server' } as const
    const { check, ok, seen } = await runCheck(logServerConfigCheck(ownLogServer(), server, 'restart it'))
    expect({ check, ok, seen }).toEqual({ check: 'The log server runs loki.yaml', ok: true, seen: 'the same' })
  })

  test.each([
    ['an index label more', 'service.namespace, ', 'service.namespace, service.version, '],
    ['an index label less', 'service.namespace, ', ''],
    ['an attribute that is dropped', actions, `${actions}\n        - { action: drop, attributes: [host.name] }`],
    ['another attribute', 'service.namespace, ', 'service.version, '],
    ['another retention', 'retention_period: 360h', 'retention_period: 24h'],
  ])('does not, when the file has changed since: %s', async (_, from, to) => {
    const changed = text.replace(from, to)
    expect(changed).not.toBe(text)
    const seen = { ok: false, seen: expect.stringMatching(/^limits_config\..+(, the file says|1 more)/) }
    expect(await checkLokiConfig(ownLogServer(), changed, true)).toEqual(seen)
    expect(await checkLokiConfig(ownLogServer(changed), changed, true)).toMatchObject({ ok: true })
  })

  test('can’t run what it does not support', async () => {
    const changed = text.replace('ignore_defaults: true', 'ignore_defaults: false')
    await expect(checkLokiConfig(ownLogServer(), changed, true)).rejects.toThrow('ignore_defaults')
  })

  test('is not asked for a retention that the file does not set', async () => {
    const changed = text.replace('retention_period: 360h', '')
    expect(await checkLokiConfig(ownLogServer(), changed, true)).toMatchObject({ ok: true })
  })

  test('runs what is no affair of its own, whatever that says', async () => {
    expect(
      await checkLokiConfig(ownLogServer(), text.replace('ingestion_rate_mb: 64', 'ingestion_rate_mb: 6'), true),
    ).toMatchObject({ ok: true })
  })
})

test('Loki is held to all that the file says', async () => {
  const running = text.replaceAll(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1')
  const loki = stand(() => new Response(running))
  expect(await checkLokiConfig(loki, text, false)).toEqual({ ok: true, seen: 'the same' })
  const changed = text.replace('ingestion_rate_mb: 64', 'ingestion_rate_mb: 6')
  expect(await checkLokiConfig(loki, changed, false)).toEqual({
    ok: false,
    seen: 'limits_config.ingestion_rate_mb is 64, the file says 6',
  })
})

/** As `bun run stack` starts it. */
function ownLogServer(config = text): string {
  const { mapping, retentionMs = 0 } = readLokiConfig(config)
  const { app, close } = createLogServer({ mapping, retentionMs })
  stops.push(close)
  return stand(app.fetch)
}

function stand(fetch: (request: Request) => Response | Promise<Response>): string {
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch })
  stops.push(() => server.stop(true))
  return server.url.origin
}
