import { describe, expect, onTestFinished, test } from 'bun:test'
import { createConnection } from 'mysql2/promise'
import { waitUntil } from '../dev-process'
import { startMariaDb } from '../mariadb'
import { lastMetricValue, startOtlpReceiver } from '../otlp-receiver'
import { isMissing } from '../requirements'
import { startServices } from '../service-processes'
import { jsonRequest, productId } from '../shop'

describe.skipIf(isMissing('mysql'))('services whose database is gone', () => {
  test('answer 503 with Retry-After, and a checkout that met it is counted once', async () => {
    const server = await startMariaDb()
    onTestFinished(server.stop)
    const connection = await createConnection({ uri: server.url })
    for (const name of ['product', 'order']) await connection.query(`CREATE DATABASE away_${name}`)
    await connection.end()
    // Users stay: who is nobody is not let in to order-service's own database.
    const users = await startMariaDb()
    onTestFinished(users.stop)
    const keeping = await createConnection({ uri: users.url })
    await keeping.query('CREATE DATABASE away_user')
    await keeping.end()
    const receiver = startOtlpReceiver()
    onTestFinished(() => void receiver.stop())
    const shop = await startServices(
      { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRIC_EXPORT_INTERVAL: '100' },
      true,
      (name) => `${name === 'user' ? users.url : server.url}away_${name}`,
    )
    onTestFinished(() => shop.stop().then(() => {}))
    const person = {
      username: 'jeanne',
      password: 'correct horse',
      email: 'j@example.test',
      first_name: 'J',
      last_name: 'M',
    }
    await fetch(`${shop.user.url}/api/user/create`, jsonRequest('POST', person))
    const login = () =>
      fetch(`${shop.user.url}/api/user/login`, jsonRequest('POST', { username: 'jeanne', password: 'correct horse' }))
    const { token } = (await (await login()).json()) as { token: string }
    const item = { product_id: productId(1), quantity: 1 }
    expect((await fetch(`${shop.order.url}/api/order/add-item`, jsonRequest('POST', item, { token }))).status).toBe(200)

    await server.stop()
    const headers = { 'Idempotency-Key': crypto.randomUUID() }
    const checkout = jsonRequest('POST', { expected_total_cents: 129_999 }, { token, headers })
    const answers = [
      await fetch(`${shop.product.url}/api/products`),
      await fetch(`${shop.order.url}/api/order`, jsonRequest('GET', undefined, { token })),
      await fetch(`${shop.order.url}/api/order/checkout`, checkout),
    ]
    await users.stop()
    answers.push(await login())

    for (const answer of answers) {
      const told = [answer.status, answer.headers.get('retry-after'), answer.headers.get('content-type')]
      expect(told).toEqual([503, '5', 'application/problem+json'])
      const text = await answer.text()
      expect(JSON.parse(text)).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
      expect(text).not.toMatch(/connect|ECONN|127\.0\.0\.1|mysql/i)
    }
    await waitUntil(() => lastMetricValue(receiver, 'order-service', 'orders.checkout.failed') === 1)
    expect(lastMetricValue(receiver, 'order-service', 'orders.checkout.failed', { reason: 'unavailable' })).toBe(1)
  }, 180_000)
})
