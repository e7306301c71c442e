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

describe('the log server is identified as', () => {
  test('Vitrine’s log server, by its build information', async () => {
    expect(await identifyLogServer({ loki: ownLogServer(), isNative: true })).toEqual({
      name: 'the log server',
      process: 'log-server',
    })
  })

  test('Loki without it, native or in compose', async () => {
    const loki = startServer(() => Response.json({ version: '3.7.8', buildUser: 'root@buildkitsandbox' }))
    expect(await identifyLogServer({ loki, isNative: true })).toEqual({ name: 'Loki', process: 'log-server' })
    expect(await identifyLogServer({ loki, isNative: false })).toEqual({ name: 'Loki', process: 'loki' })
  })

  test('the default one when nothing responds', async () => {
    const loki = 'http://127.0.0.1:9'
    expect(await identifyLogServer({ loki, isNative: true })).toMatchObject({ name: 'the log server' })
    expect(await identifyLogServer({ loki, isNative: false })).toMatchObject({ name: 'Loki' })
  })
})

describe('the log server', () => {
  test('passes when it was started with loki.yaml', async () => {
    const server = { name: 'the log server', process: 'log-server' } as const
    const { check, ok, seen } = await runCheck(logServerConfigCheck(ownLogServer(), server, 'restart it'))
    expect({ check, ok, seen }).toEqual({ check: 'The log server runs loki.yaml', ok: true, seen: 'the same' })
  })

  test.each([
    ['another index label', 'service.namespace, ', 'service.namespace, service.version, '],
    ['a missing index label', 'service.namespace, ', ''],
    ['a dropped attribute', actions, `${actions}\n        - { action: drop, attributes: [host.name] }`],
    ['another attribute', 'service.namespace, ', 'service.version, '],
    ['another retention', 'retention_period: 360h', 'retention_period: 24h'],
  ])('fails when the file has changed since the start: %s', async (_, from, to) => {
    const changed = text.replace(from, to)
    expect(changed).not.toBe(text)
    const seen = { ok: false, seen: expect.stringMatching(/^limits_config\..+(, the file has|1 more)/) }
    expect(await checkLokiConfig(ownLogServer(), changed, true)).toEqual(seen)
    expect(await checkLokiConfig(ownLogServer(changed), changed, true)).toMatchObject({ ok: true })
  })

  test('fails for unsupported settings', async () => {
    const changed = text.replace('ignore_defaults: true', 'ignore_defaults: false')
    await expect(checkLokiConfig(ownLogServer(), changed, true)).rejects.toThrow('ignore_defaults')
  })

  test('passes without a retention in the file', async () => {
    const changed = text.replace('retention_period: 360h', '')
    expect(await checkLokiConfig(ownLogServer(), changed, true)).toMatchObject({ ok: true })
  })

  test('ignores settings that only Loki uses', async () => {
    expect(
      await checkLokiConfig(ownLogServer(), text.replace('ingestion_rate_mb: 64', 'ingestion_rate_mb: 6'), true),
    ).toMatchObject({ ok: true })
  })
})

test('Loki must run every setting of the file', async () => {
  const running = text.replaceAll(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1')
  const loki = startServer(() => new Response(running))
  expect(await checkLokiConfig(loki, text, false)).toEqual({ ok: true, seen: 'the same' })
  const changed = text.replace('ingestion_rate_mb: 64', 'ingestion_rate_mb: 6')
  expect(await checkLokiConfig(loki, changed, false)).toEqual({
    ok: false,
    seen: 'limits_config.ingestion_rate_mb is 64, the file has 6',
  })
})

/** As `bun run stack` starts it. */
function ownLogServer(config = text): string {
  const { mapping, retentionMs = 0 } = readLokiConfig(config)
  const { app, close } = createLogServer({ mapping, retentionMs })
  stops.push(close)
  return startServer(app.fetch)
}

function startServer(fetch: (request: Request) => Response | Promise<Response>): string {
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch })
  stops.push(() => server.stop(true))
  return server.url.origin
}
