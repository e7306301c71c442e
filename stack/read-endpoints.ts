import { stackEndpoints } from './endpoints'
import { withRunningStack } from './running-stack'

export interface Endpoints {
  /** Whether `bun run stack` runs here; otherwise what compose publishes is looked at. */
  isNative: boolean
  /** By how much its alerts' windows are shorter. */
  shrink: number
  shop: Record<'frontend' | 'user-service' | 'product-service' | 'order-service', string>
  collector: string
  jaeger: string
  prometheus: string
  loki: string
  alertmanager: string
  receiver: string
  console: string
  grafana: string
}

/** Where everything is: what `bun run stack` wrote while it runs, else the specification's ports; the environment is stronger. */
export async function readEndpoints(given: Record<string, string | undefined>): Promise<Endpoints> {
  const { env, notice } = await withRunningStack(given)
  const usual = stackEndpoints()
  const basePort = Number(env.VITRINE_BASE_PORT ?? 5000)
  const at = (index: number) => `http://127.0.0.1:${basePort + index}`
  return {
    isNative: notice !== undefined,
    shrink: Number(env.STACK_SHRINK ?? 1),
    shop: {
      frontend: env.FRONTEND_URL ?? at(0),
      'user-service': env.USER_SERVICE_URL ?? at(1),
      'product-service': env.PRODUCT_SERVICE_URL ?? at(2),
      'order-service': env.ORDER_SERVICE_URL ?? at(3),
    },
    collector: env.COLLECTOR_URL ?? usual.collector,
    jaeger: env.JAEGER_URL ?? usual.jaeger,
    prometheus: env.PROMETHEUS_URL ?? usual.prometheus,
    loki: env.LOKI_URL ?? usual.loki,
    alertmanager: env.ALERTMANAGER_URL ?? usual.alertmanager,
    receiver: env.RECEIVER_URL ?? usual.receiver,
    console: env.CONSOLE_URL ?? usual.console,
    grafana: env.GRAFANA_URL ?? 'http://127.0.0.1:3000',
  }
}
