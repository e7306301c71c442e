import { isLauncherRunning } from '../launch/control'
import { launch } from '../launch/launch'
import { assertPortsFree, isPortFree } from '../launch/ports'
import type { Program } from '../launch/program'
import { withRunningStack } from '../stack/running-stack'
import { findConsoleEndpoint } from './console-endpoint'
import { devControl, shopPrograms } from './programs'

/** Starts the console and all services, and prints their addresses when they are ready. */
export async function launchShop(): Promise<void> {
  const { env, notice: stackNotice } = await withRunningStack(process.env)
  const { services: shop, dataDir } = shopPrograms(env)
  if (await isLauncherRunning(devControl(dataDir).socket))
    throw new Error(`bun run dev runs already with ${dataDir}: stop it, or give this one another VITRINE_DATA`)
  assertPortsFree(shop, 'stop it, or move all ports with VITRINE_BASE_PORT=6000 bun run dev')
  const { program: console, otlpEndpoint, url, notice } = await findConsoleEndpoint(env, isPortFree)
  for (const line of [stackNotice, notice]) if (line) process.stdout.write(`${line}\n`)

  await launch({
    ...devControl(dataDir),
    // The console starts first, so that it receives the first request’s telemetry.
    waves: [[...(console ? [console] : []), ...shop.map((one) => exportingTo(otlpEndpoint, url, one))]],
    pidFile: `${dataDir}/dev.json`,
    readyDeadlineMs: 60_000,
    announce(children, seconds) {
      const width = Math.max(...children.map(({ program }) => program.name.length))
      const rows = children.map(({ program }) => `  ${program.name.padEnd(width)}  ${program.url}`)
      process.stdout.write(`\nVitrine is ready after ${seconds.toFixed(1)} s. Ctrl-C stops it.\n${rows.join('\n')}\n\n`)
    },
  })
}

const exportingTo = (endpoint: string, consoleUrl: string | undefined, program: Program): Program => ({
  ...program,
  env: {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    ...(consoleUrl && { VITRINE_CONSOLE_URL: consoleUrl }),
    ...program.env,
  },
})
