import type { Telemetry } from '@vitrine/telemetry'

/** What can be served: any Hono app. */
interface Servable {
  fetch(request: Request, env: object): Response | Promise<Response>
}

export interface ListenOptions {
  telemetry: Telemetry
  settings: { HOST: string; PORT: number; SHARE_PORT: boolean; environmentName: string }
  /** Ends what works beside the requests; after the last of them. */
  stopBackgroundWork?: () => Promise<unknown>
  /** Closes the database; last, as the final export of metrics still reads gauges from it. */
  close?: () => Promise<unknown>
}

// In production others need this long to notice `/ready` and stop sending; answers then carry `Connection: close`.
const drainMs = { production: 1000, elsewhere: 0 }
const requestsDeadlineMs = 10_000
const workDeadlineMs = 3000

/** Whether this process is about to stop: `/ready` says 503 then. */
export const isDraining = (): boolean => draining

let draining = false

/**
 * Serves an app until SIGTERM or SIGINT: then requests under way finish, what was opened is closed, telemetry leaves, and
 * the process exits with 0. An error that nobody caught ends as a FATAL log record and exit 1.
 */
export function listen(app: Servable, { telemetry, settings, stopBackgroundWork, close }: ListenOptions): void {
  const { HOST: host, PORT: port, environmentName } = settings
  const server = serve(app, settings)
  const usualLevel = telemetry.log.level === 'debug' ? 'info' : telemetry.log.level
  telemetry.log.info('listening', { 'server.address': host, 'server.port': server.port ?? port })

  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.on('uncaughtException', telemetry.crash)
  process.on('unhandledRejection', telemetry.crash)
  process.on('SIGUSR2', toggleDebug)

  async function stop(signal: string): Promise<void> {
    if (draining) return
    draining = true
    telemetry.log.info('stopping', { signal })
    await Bun.sleep(environmentName === 'production' ? drainMs.production : drainMs.elsewhere)
    await Promise.race([server.stop(), Bun.sleep(requestsDeadlineMs)])
    await Promise.race([stopBackgroundWork?.(), Bun.sleep(workDeadlineMs)])
    await telemetry.shutdown()
    await close?.()
    process.exit(0)
  }

  // `kill -USR2 PID` shows more of a running service, and again less.
  function toggleDebug(): void {
    const { log } = telemetry
    log.level = log.level === 'debug' ? usualLevel : 'debug'
    log.event('log.level.changed', { 'log.level': log.level }, 'warn')
  }
}

function serve(app: Servable, { HOST: hostname, PORT: port, SHARE_PORT: reusePort }: ListenOptions['settings']) {
  const fetch = async (request: Request, server: object): Promise<Response> => {
    const response = await app.fetch(request, server)
    if (draining) response.headers.set('Connection', 'close')
    return response
  }
  try {
    return Bun.serve({ hostname, port, reusePort, fetch, idleTimeout: 30 })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new Error(`port ${port} on ${hostname} is taken: stop what holds it, or set PORT`, { cause: error })
  }
}
