import { Hono } from 'hono'
import { requireLocalhost } from '../require-localhost'
import { createLogServer } from './app'
import { readLogServerSettings } from './settings'

start().catch((error: Error) => {
  process.stderr.write(`the log server cannot start: ${error.message}\n`)
  process.exit(1)
})

async function start(): Promise<void> {
  const { port, ...settings } = await readLogServerSettings(process.env)
  // Halves the memory under load, for 2 µs a line (docs/measurements.md, "Log server").
  const onBlock = () => Bun.gc(true)
  const server = createLogServer({ ...settings, onBlock })
  const app = new Hono().use(requireLocalhost).route('/', server.app)
  const listener = listen(port, app.fetch)
  process.stdout.write(`log server with Loki’s API at http://localhost:${port}, lines in ${settings.path}\n`)
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)

  async function stop(): Promise<void> {
    await listener.stop()
    server.close()
    process.exit(0)
  }
}

function listen(port: number, fetch: (request: Request) => Response | Promise<Response>) {
  try {
    return Bun.serve({ hostname: '127.0.0.1', port, fetch, maxRequestBodySize: 32 * 1024 * 1024 })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new Error(`port ${port} is in use: stop the program that listens on it, or set LOG_SERVER_PORT`, {
      cause: error,
    })
  }
}
