import { describe, expect, onTestFinished, test } from 'bun:test'
import { createConnection } from 'mysql2/promise'
import { startMariaDb } from '../mariadb'
import { lastMetricValue, startOtlpReceiver } from '../otlp-receiver'
import { isMissing } from '../requirements'
import { startServices } from '../service-processes'
import { jsonRequest, productId } from '../shop'
import { waitUntil } from '../wait-until'

describe.skipIf(isMissing('mariadb'))('services without their database', () => {
  test('respond with 503 and Retry-After, and count the failed checkout once', async () => {
    const server = await startMariaDb()
    onTestFinished(server.stop)
    const connection = await createConnection({ uri: server.url })
    for (const name of ['product', 'order']) await connection.query(`CREATE DATABASE unavailable_${name}`)
    await connection.end()
    // The users stay available: order-service authenticates before it queries its own database.
    const users = await startMariaDb()
    onTestFinished(users.stop)
    const usersConnection = await createConnection({ uri: users.url })
    await usersConnection.query('CREATE DATABASE unavailable_user')
    await usersConnection.end()
    const receiver = startOtlpReceiver()
    onTestFinished(() => void receiver.stop())
    const shop = await startServices(
      { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRIC_EXPORT_INTERVAL: '100' },
      true,
      (name) => `${name === 'user' ? users.url : server.url}unavailable_${name}`,
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
    const responses = [
      await fetch(`${shop.product.url}/api/products`),
      await fetch(`${shop.order.url}/api/order`, jsonRequest('GET', undefined, { token })),
      await fetch(`${shop.order.url}/api/order/checkout`, checkout),
    ]
    await users.stop()
    responses.push(await login())

    for (const response of responses) {
      const head = [response.status, response.headers.get('retry-after'), response.headers.get('content-type')]
      expect(head).toEqual([503, '5', 'application/problem+json'])
      const text = await response.text()
      expect(JSON.parse(text)).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
      expect(text).not.toMatch(/connect|ECONN|127\.0\.0\.1|mysql/i)
    }
    await waitUntil(() => lastMetricValue(receiver, 'order-service', 'orders.checkout.failed') === 1)
    expect(lastMetricValue(receiver, 'order-service', 'orders.checkout.failed', { reason: 'unavailable' })).toBe(1)
  }, 180_000)
})
