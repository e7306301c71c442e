import { expect, onTestFinished, test } from 'bun:test'
import { openSocket } from '../raw-request'
import { startService } from '../service-processes'

const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: shop\r\n\r\n`

async function startUserService() {
  const service = startService('user', { DATABASE_URL: ':memory:' })
  onTestFinished(() => service.stop().then(() => {}))
  await service.waitUntilReady()
  return service.url
}

/** What a client receives that sends two requests at once. */
async function sendPipelined(url: string, path: string): Promise<string> {
  const socket = await openSocket(url)
  onTestFinished(socket.destroy)
  socket.write(request(path) + request('/api/second'))
  await Promise.race([socket.waitUntilClosed(), socket.waitFor(/HTTP\/1\.1[\s\S]*HTTP\/1\.1/)])
  return socket.received()
}

// docs/limits.md describes it. When this test fails, Bun responds to pipelined requests: remove the entry there.
test('Bun itself closes a connection whose second request arrives before the first response', async () => {
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch() {
      await Bun.sleep(20)
      return new Response('complete')
    },
  })
  onTestFinished(() => server.stop(true))

  expect(await sendPipelined(server.url.href, '/first')).toBe('')
})

test('a service mixes nothing up then: the client gets no byte, as after a lost connection', async () => {
  const url = await startUserService()

  for (let n = 0; n < 10; n++) {
    const received = await sendPipelined(url, '/api/user')
    // A response that is ready at once is complete, and the second one follows.
    expect(received === '' || /^HTTP\/1\.1 401[\s\S]*HTTP\/1\.1 404/.test(received)).toBe(true)
  }
  expect((await fetch(`${url}/health`)).status).toBe(200)
}, 60_000)

test('a request that follows the response on the same connection is served, also when it arrived in parts', async () => {
  const url = await startUserService()
  const socket = await openSocket(url)
  onTestFinished(socket.destroy)

  for (let n = 1; n <= 3; n++) {
    socket.write(`GET /api/user HTTP/1.1\r\nHo`)
    socket.write('st: shop\r\n\r\n')
    await socket.waitFor(new RegExp(`^(HTTP/1\\.1 401[\\s\\S]*?"code":"UNAUTHENTICATED"[\\s\\S]*?){${n}}$`))
  }
  expect(socket.isClosed()).toBe(false)
}, 60_000)
