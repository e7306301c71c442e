import { annotationEventNames } from './annotations/find-annotations'
import { createConsole } from './app'
import { createForwarder } from './forward'
import { readConsoleSettings } from './settings'
import { openStore } from './store'

// The longest that a browser's stream of events may be silent.
const idleTimeoutS = 30

start().catch((error: Error) => {
  process.stderr.write(`console cannot start: ${error.message}\n`)
  process.exit(1)
})

async function start(): Promise<void> {
  const { port, storePath, forwardTo, views } = await readConsoleSettings(process.env)
  const store = openStore({ path: storePath, annotationEvents: annotationEventNames(views.marks) })
  const forwarder = forwardTo === undefined ? undefined : createForwarder(forwardTo)
  const app = createConsole({ store, views, ...(forwarder && { forwarder }) })
  const server = listen(port, app.fetch)
  process.stdout.write(`console at http://localhost:${port}\n`)
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)

  // Open pages hold streams of events: nobody waits for them.
  function stop(): void {
    void server.stop(true)
    store.close()
    process.exit(0)
  }
}

function listen(port: number, fetch: (request: Request) => Response | Promise<Response>) {
  try {
    return Bun.serve({ hostname: '127.0.0.1', port, fetch, idleTimeout: idleTimeoutS })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new Error(`port ${port} is taken: stop what holds it, or set VITRINE_CONSOLE_PORT`, { cause: error })
  }
}
