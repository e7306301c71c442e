import type { Telemetry } from '@vitrine/telemetry'

/** Any Hono app. */
interface Servable {
  fetch(request: Request, env: object): Response | Promise<Response>
}

export interface ListenOptions {
  telemetry: Telemetry
  settings: { HOST: string; PORT: number; SHARE_PORT: boolean; environmentName: string }
  /** Stops timers and jobs, after the last request. */
  stopBackgroundWork?: () => Promise<unknown>
  /** Closes the database. Called last: the final export of metrics still reads gauges from it. */
  close?: () => Promise<unknown>
}

// Load balancers need this long to see `/ready` fail and stop sending. Responses carry `Connection: close` meanwhile.
const productionDrainMs = 1000
const requestsDeadlineMs = 10_000
const backgroundWorkDeadlineMs = 3000
// An unreachable database does not respond when its connections are closed.
const closeDeadlineMs = 1000

/** Whether this process is about to stop: `/ready` responds with 503. */
export const isDraining = (): boolean => draining

let draining = false

/**
 * Serves an app until SIGTERM or SIGINT. Then it finishes active requests, stops background work, exports telemetry, closes
 * the database and exits with 0. An uncaught error is logged as FATAL and exits with 1.
 */
export function listen(app: Servable, { telemetry, settings, stopBackgroundWork, close }: ListenOptions): void {
  const { HOST: host, PORT: port, environmentName } = settings
  const server = serve(app, settings)
  const defaultLevel = telemetry.log.level === 'debug' ? 'info' : telemetry.log.level
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
    await Bun.sleep(environmentName === 'production' ? productionDrainMs : 0)
    await Promise.race([server.stop(), Bun.sleep(requestsDeadlineMs)])
    await Promise.race([stopBackgroundWork?.(), Bun.sleep(backgroundWorkDeadlineMs)])
    await telemetry.shutdown()
    await Promise.race([close?.(), Bun.sleep(closeDeadlineMs)])
    process.exit(0)
  }

  // `kill -USR2 PID` turns debug logging of a running service on and off.
  function toggleDebug(): void {
    const { log } = telemetry
    log.level = log.level === 'debug' ? defaultLevel : 'debug'
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
    return Bun.serve({ hostname, port, reusePort, fetch, error: failedOutside, development: false, idleTimeout: 30 })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new Error(`port ${port} on ${hostname} is in use: stop the other process, or set PORT`, { cause: error })
  }
}

// Bun's own page for an error shows the source. Telemetry's middleware has recorded the error.
const failedOutside = () => new Response('Internal Server Error', { status: 500 })
