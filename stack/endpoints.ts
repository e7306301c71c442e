import type { Program } from '../launch/program'
import { type ServiceName, shopServices, urlVariable } from '../services/names'
import { withRunningStack } from './running-stack'

/** The endpoints of the native stack: the default port of each server plus `offset`. */
export function stackEndpoints(offset = 0) {
  const at = (port: number) => `http://127.0.0.1:${port + offset}`
  return {
    collector: at(4318),
    collectorGrpcPort: 4317 + offset,
    collectorMetrics: at(8888),
    collectorHealth: at(13_133),
    jaeger: at(16_686),
    jaegerQueryGrpcPort: 16_685 + offset,
    // The collector listens on 4317.
    jaegerOtlpPort: 14_317 + offset,
    jaegerMetrics: at(8889),
    jaegerHealth: at(13_134),
    prometheus: at(9090),
    loki: at(3100),
    lokiGrpcPort: 9096 + offset,
    alertmanager: at(9093),
    alertReceiver: at(9095),
    console: at(4320),
    databasePorts: Object.fromEntries(
      shopServices.filter(({ hasMySql }) => hasMySql).map(({ name, portOffset }) => [name, 3310 + portOffset + offset]),
    ),
  }
}

export type StackEndpoints = ReturnType<typeof stackEndpoints>

export interface Endpoints {
  /** Whether `bun run stack` runs here. The endpoints are those that compose publishes otherwise. */
  isNative: boolean
  /** The divisor of the alerts' windows: `--shrink`. */
  shrink: number
  shop: Record<ServiceName, string>
  collector: string
  jaeger: string
  prometheus: string
  loki: string
  alertmanager: string
  alertReceiver: string
  console: string
  grafana: string
}

/** Reads the endpoints of shop and stack: from the environment, then from the running native stack, then the default ports. */
export async function readEndpoints(given: Record<string, string | undefined>): Promise<Endpoints> {
  const { env, notice } = await withRunningStack(given)
  const defaults = stackEndpoints()
  const basePort = Number(env.VITRINE_BASE_PORT ?? 5000)
  return {
    isNative: notice !== undefined,
    shrink: Number(env.STACK_SHRINK ?? 1),
    shop: Object.fromEntries(
      shopServices.map(({ serviceName, portOffset }) => [
        serviceName,
        env[urlVariable(serviceName)] ?? `http://127.0.0.1:${basePort + portOffset}`,
      ]),
    ) as Record<ServiceName, string>,
    collector: env.COLLECTOR_URL ?? defaults.collector,
    jaeger: env.JAEGER_URL ?? defaults.jaeger,
    prometheus: env.PROMETHEUS_URL ?? defaults.prometheus,
    loki: env.LOKI_URL ?? defaults.loki,
    alertmanager: env.ALERTMANAGER_URL ?? defaults.alertmanager,
    alertReceiver: env.RECEIVER_URL ?? defaults.alertReceiver,
    console: env.CONSOLE_URL ?? defaults.console,
    grafana: env.GRAFANA_URL ?? 'http://127.0.0.1:3000',
  }
}

/** The settings file of a native stack, which `withRunningStack` reads. */
export function stackEnvFile(endpoints: StackEndpoints, databases: Program[], shrink: number): string {
  const lines = {
    STACK_SHRINK: shrink,
    VITRINE_CONSOLE_PORT: new URL(endpoints.collector).port,
    COLLECTOR_URL: endpoints.collector,
    JAEGER_URL: endpoints.jaeger,
    PROMETHEUS_URL: endpoints.prometheus,
    LOKI_URL: endpoints.loki,
    ALERTMANAGER_URL: endpoints.alertmanager,
    RECEIVER_URL: endpoints.alertReceiver,
    CONSOLE_URL: endpoints.console,
    ...Object.fromEntries(
      databases.map(({ name, url }) => [`${name.slice('mysql-'.length).toUpperCase()}_DATABASE_URL`, url]),
    ),
  }
  return `# Written by \`bun run stack\`, read by \`bun run dev\` while it runs.\n${Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')}`
}
