import { Hono } from 'hono'
import { listen } from '../listen'
import { requireLocalhost } from '../require-localhost'
import { createLogServer } from './app'
import { readLogServerSettings } from './settings'

const maxRequestBodySize = 32 * 1024 * 1024

start().catch((error: Error) => {
  process.stderr.write(`the log server cannot start: ${error.message}\n`)
  process.exit(1)
})

async function start(): Promise<void> {
  const { port, ...settings } = await readLogServerSettings(process.env)
  // Halves the memory under load, and costs 2 µs per line (docs/performance.md#log-server).
  const onBlock = () => Bun.gc(true)
  const server = createLogServer({ ...settings, onBlock })
  const app = new Hono().use(requireLocalhost).route('/', server.app)
  const listener = listen({ port, variable: 'LOG_SERVER_PORT', fetch: app.fetch, maxRequestBodySize })
  process.stdout.write(`log server with Loki’s API at http://localhost:${port}, lines in ${settings.path}\n`)
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)

  async function stop(): Promise<void> {
    await listener.stop()
    server.close()
    process.exit(0)
  }
}
