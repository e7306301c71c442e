import { annotationEventNames } from './annotations/find-annotations'
import { createConsole } from './app'
import { createForwarder } from './forward'
import { listen } from './listen'
import { readConsoleSettings } from './settings'
import { openStore } from './store'

// Longer than the keep-alive interval of event streams.
const idleTimeoutS = 30

start().catch((error: Error) => {
  process.stderr.write(`console cannot start: ${error.message}\n`)
  process.exit(1)
})

async function start(): Promise<void> {
  const { port, storePath, forwardTo, views, runbooks } = await readConsoleSettings(process.env)
  const store = openStore({ path: storePath, annotationEvents: annotationEventNames(views.annotations) })
  const forwarder = forwardTo === undefined ? undefined : createForwarder(forwardTo)
  const app = createConsole({ store, views, runbooks, ...(forwarder && { forwarder }) })
  const server = listen({ port, variable: 'VITRINE_CONSOLE_PORT', fetch: app.fetch, idleTimeout: idleTimeoutS })
  process.stdout.write(`console at http://localhost:${port}\n`)
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)

  // Does not wait for open connections, because the event streams of open pages never end.
  function stop(): void {
    void server.stop(true)
    store.close()
    process.exit(0)
  }
}
