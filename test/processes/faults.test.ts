import { expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { undeclared } from '@vitrine/telemetry/testing'
import { declarationsByService } from '../../services/declarations'
import { clearFaults, readFaults, setFault } from '../../src/faults/fault-file'
import { startDev } from '../dev-process'
import { createFaultFile } from '../fault-file'
import { lastMetricValue, startOtlpReceiver } from '../otlp-receiver'
import { startService } from '../service-processes'
import { waitUntil } from '../wait-until'

const quick = { OTEL_BSP_SCHEDULE_DELAY: '50', OTEL_BLRP_SCHEDULE_DELAY: '50', OTEL_METRIC_EXPORT_INTERVAL: '100' }

async function startUser(file: string, env: Record<string, string> = {}) {
  const receiver = startOtlpReceiver()
  const user = startService('user', {
    DATABASE_URL: ':memory:',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    FAULTS_FILE: file,
    ...quick,
    ...env,
  })
  await user.waitUntilReady()
  const stop = async () => {
    expect(await user.stop()).toBe(0)
    receiver.stop()
    const { traces: spans, logs, metrics } = receiver
    expect(undeclared({ spans, logs, metrics }, declarationsByService)).toEqual([])
  }
  const statusOf = async () => (await fetch(`${user.url}/api/user`)).status
  return { receiver, user, stop, statusOf }
}

test('a running service follows the fault file', async () => {
  const file = createFaultFile()
  const { receiver, user, stop, statusOf } = await startUser(file)
  expect(await statusOf()).toBe(401)

  setFault(file, 'http-error', { value: 503, service: 'user' })
  await waitUntil(() => receiver.logs.some(({ eventName }) => eventName === 'fault.changed'))
  expect(await statusOf()).toBe(503)
  await waitUntil(() => receiver.traces.some(({ attributes }) => attributes['feature_flag.key'] === 'http-error'))
  await waitUntil(() => receiver.logs.some(({ eventName }) => eventName === 'feature_flag.evaluation'))

  clearFaults(file)
  await waitUntil(() => receiver.logs.filter(({ eventName }) => eventName === 'fault.changed').length === 2)
  expect(await statusOf()).toBe(401)
  await stop()
  expect(user.logLines().filter((line) => line.level === 'error')).toHaveLength(2)
}, 180_000)

test('the exporter counts dropped exports, while requests and metrics continue', async () => {
  const file = createFaultFile()
  const { receiver, stop, statusOf } = await startUser(file)
  const dropped = (kind: string) =>
    lastMetricValue(receiver, 'user-service', `otel.sdk.exporter.${kind}.exported`, { 'error.type': '400' }) ?? 0
  setFault(file, 'dropped-export', { value: 1 })
  // The log record about the fault is dropped first.
  await waitUntil(() => dropped('log') > 0)
  receiver.clear()

  expect(await statusOf()).toBe(401)
  await waitUntil(() => dropped('span') > 0 && dropped('log') > 0)
  expect([receiver.traces, receiver.logs]).toEqual([[], []])

  clearFaults(file)
  await waitUntil(() => receiver.logs.some(({ eventName }) => eventName === 'fault.changed'))
  expect(await statusOf()).toBe(401)
  await waitUntil(() => receiver.traces.length > 0)
  await stop()
}, 180_000)

test('memory grows while the fault is on, and is released', async () => {
  const file = createFaultFile()
  const { user, stop, statusOf } = await startUser(file)
  const residentMb = () =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${user.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  const before = residentMb()

  setFault(file, 'memory-growth', { value: 100 })
  await waitUntil(() => residentMb() > before + 190)
  expect(await statusOf()).toBe(401)

  clearFaults(file)
  await waitUntil(() => residentMb() < before + 60)
  await stop()
}, 180_000)

const production = {
  DEPLOYMENT_ENVIRONMENT: 'production',
  SERVICE_KEY: '8c1f0a6be2d94753b7a90e5d1c3f6824',
  HOST: '127.0.0.1',
}

test.each([
  [{}, 401, 'FAULTS_FILE is ignored in production without FAULTS_IN_PRODUCTION=yes'],
  [{ FAULTS_IN_PRODUCTION: 'yes' }, 503, 'faults can be injected in production: FAULTS_IN_PRODUCTION=yes'],
])(
  'in production two settings are needed: %p',
  async (env, status, warning) => {
    const file = createFaultFile()
    setFault(file, 'http-error', { value: 503 })
    const { user, stop, statusOf } = await startUser(file, { ...production, ...env })

    expect(await statusOf()).toBe(status)
    await stop()
    const warnings = user.logLines().filter((line) => line.level === 'warn' && !line.event)
    expect(warnings.map((line) => line.message)).toEqual([warning])
  },
  180_000,
)

test('bun run fault writes the fault file of bun run dev', async () => {
  const dev = startDev()
  await dev.waitForOutput('Vitrine is ready')
  const file = `${dev.dir}/faults.json`
  const fault = async (...words: string[]) => {
    const env = { ...process.env, VITRINE_DATA: dev.dir }
    const child = Bun.spawn([process.execPath, 'src/faults/command.ts', ...words], {
      env,
      stdout: 'pipe',
      stderr: 'pipe',
    })
    const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    return { code: await child.exited, output: out + err }
  }
  expect(readFaults(file)).toEqual({})
  expect((await fault('list')).output).toStartWith('no fault is on')

  const words = ['http-error', '503', '--service', 'product', '--route', '/api/products', '--percent', '100']
  expect((await fault(...words)).output).toEndWith('http-error 503 HTTP status, product, /api/products, 100 %\n')
  expect(readFaults(file)).toEqual({
    'http-error': { value: 503, service: 'product', route: '/api/products', percent: 100 },
  })
  await dev.waitForOutput('http-error 503 HTTP status')
  expect((await fetch(`${dev.url(2)}/api/products`)).status).toBe(503)
  expect((await fetch(dev.url(0))).status).toBe(503)
  expect((await fault('off')).code).toBe(0)
  await dev.waitForOutput('http-error off')
  expect((await fetch(dev.url(0))).status).toBe(200)

  for (const wrong of [
    ['nonsense', '1'],
    ['http-error', '20'],
    ['http-error', 'x'],
    ['http-error', '503', '--percent', '0'],
    [],
  ]) {
    const { code, output } = await fault(...wrong)
    expect([code, output.length > 20, output.includes('    at ')]).toEqual([1, true, false])
  }

  writeFileSync(file, '{"flags": {')
  const refused = await fault('http-error', '503')
  expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('is not a flag file: correct it')])
  expect(readFileSync(file, 'utf8')).toBe('{"flags": {')
  expect((await fault('off')).code).toBe(0)
  expect(readFaults(file)).toEqual({})
  await dev.stop()
}, 180_000)
