import { expect, test } from 'bun:test'
import { freePort } from '../free-port'
import { postContinuously } from '../post-continuously'
import { type ServiceProcess, startService } from '../service-processes'

const restarts = 4
const path = '/api/user/logout'
const headers = 'Authorization: Bearer unknown'

/** @returns a function that starts instances as in production, all with one database */
function instances(more: Record<string, string> = {}) {
  const env = {
    DEPLOYMENT_ENVIRONMENT: 'production',
    SERVICE_KEY: 'a key that is long enough for production',
    DATABASE_URL: `/tmp/vitrine-restart-${process.pid}-${Date.now()}.sqlite`,
    HOST: '127.0.0.1',
    OTEL_SDK_DISABLED: 'true',
    LOG_LEVEL: 'info',
    ...more,
  }
  return (port: number) => startService('user', { ...env, PORT: String(port) })
}

test('two instances, restarted in turn under load, lose no POST over keep-alive connections', async () => {
  const start = instances()
  const running = [start(freePort()), start(freePort())]
  await Promise.all(running.map((one) => one.waitUntilReady()))
  let ready = running.map(({ url }) => url)
  // Probes as a load balancer does; a drain takes four times as long.
  const probing = setInterval(async () => {
    const responses = await Promise.all(running.map(({ url }) => fetch(`${url}/ready`).catch(() => undefined)))
    ready = running.filter((_, at) => responses[at]?.ok).map(({ url }) => url)
  }, 250)
  const load = postContinuously(() => ready, { path, headers })

  for (let n = 0; n < restarts; n++) {
    const old = running[n % 2] as ServiceProcess
    expect(await old.stop()).toBe(0)
    const fresh = start(Number(new URL(old.url).port))
    running[n % 2] = fresh
    await fresh.waitUntilReady()
    await Bun.sleep(400)
  }
  const { succeeded, failures } = await load.stop()
  clearInterval(probing)
  await Promise.all(running.map((one) => one.stop()))

  expect(failures).toEqual([])
  expect(succeeded).toBeGreaterThan(1000)
}, 180_000)

test('an instance that takes over the port of another under load loses no POST', async () => {
  const start = instances({ SHARE_PORT: 'true' })
  const port = freePort()
  let running = start(port)
  await running.waitUntilReady()
  const load = postContinuously(() => [running.url], { path, headers })

  for (let n = 0; n < restarts; n++) {
    const next = start(port)
    while (!next.output().includes('listening')) await Bun.sleep(20)
    expect(await running.stop()).toBe(0)
    running = next
  }
  const { succeeded, failures } = await load.stop()
  await running.stop()

  expect(failures).toEqual([])
  expect(succeeded).toBeGreaterThan(1000)
}, 180_000)
