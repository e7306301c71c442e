import { expect, test } from 'bun:test'
import { freePort } from '../free-port'
import { postTo } from '../posting'
import { startService } from '../service-processes'

const restarts = 4

test(`${restarts} restarts of two instances under load lose no POST over keep-alive connections`, async () => {
  const file = `/tmp/vitrine-restart-${process.pid}-${Date.now()}.sqlite`
  const env = {
    DEPLOYMENT_ENVIRONMENT: 'production',
    SERVICE_KEY: 'a key that is long enough for production',
    DATABASE_URL: file,
    HOST: '127.0.0.1',
    OTEL_SDK_DISABLED: 'true',
    LOG_LEVEL: 'error',
  }
  const start = (port: number) => startService('user', { ...env, PORT: String(port) }, false)
  const instances = [start(freePort()), start(freePort())] as const
  await Promise.all(instances.map((one) => one.ready()))
  const running = [...instances]
  let ready = running.map(({ url }) => url)
  // As often as a balancer may ask, and half as often as a drain takes at least.
  const asking = setInterval(async () => {
    const answers = await Promise.all(running.map(({ url }) => fetch(`${url}/ready`).catch(() => undefined)))
    ready = running.filter((_, at) => answers[at]?.ok).map(({ url }) => url)
  }, 250)
  const load = postTo(() => ready, { path: '/api/user/logout', headers: 'Authorization: Bearer nobody' })

  for (let n = 0; n < restarts; n++) {
    const at = n % 2
    const old = running[at] as (typeof running)[number]
    expect(await old.stop()).toBe(0)
    running[at] = start(Number(new URL(old.url).port))
    await running[at]?.ready()
    await Bun.sleep(400)
  }
  const { answered, failures } = await load.stop()
  clearInterval(asking)
  await Promise.all(running.map((one) => one.stop()))

  expect(failures).toEqual([])
  expect(answered).toBeGreaterThan(1000)
}, 60_000)
