import { mkdirSync } from 'node:fs'
import { endWithLauncher, isResponding, type Program, scriptCommand } from '../../launch/program'
import type { StackEndpoints } from '../endpoints'
import { findPrometheusUi } from './programs'

const host = '127.0.0.1'
const portOf = (url: string) => new URL(url).port

export interface ServerPaths {
  /** The folder of the servers' programs. */
  bin: string
  /** The folder of data, logs and rendered configurations. */
  state: string
  /** The path of Loki, when Loki is the log server. Default: Vitrine’s log server. */
  loki?: string | undefined
}

interface Server
  extends Pick<Program, 'name' | 'url' | 'command'>,
    Partial<Pick<Program, 'env' | 'cwd' | 'description'>> {
  /** A URL that responds with 2xx when the server is ready. */
  ready: string
  /** All ports on which it listens. */
  ports: (string | number)[]
}

/** The servers of the stack. They read the configuration files that compose mounts; variables set endpoints and folders. */
export function serverPrograms(
  endpoints: StackEndpoints,
  { bin, state, loki }: ServerPaths,
): Record<'backends' | 'collector', Program[]> {
  const server = ({ ready, ports, command, env = {}, ...rest }: Server): Program => {
    mkdirSync(`${state}/${rest.name}`, { recursive: true })
    return {
      ...rest,
      ports: ports.map(Number),
      isReady: () => isResponding(ready),
      command: endWithLauncher(command),
      env,
      logFile: `${state}/logs/${rest.name}.log`,
      stopsLast: true,
    }
  }
  const jaeger = server({
    name: 'jaeger',
    // Jaeger's Go module does not contain its UI.
    url: `${endpoints.jaeger}/api/services`,
    description: `API only; its traces are in the console of bun run dev, ${new URL(endpoints.console).host}`,
    ready: `${endpoints.jaegerHealth}/status`,
    command: [`${bin}/jaeger`, '--config=observability/jaeger/jaeger.yaml'],
    env: {
      JAEGER_HOST: host,
      JAEGER_OTLP_PORT: String(endpoints.jaegerOtlpPort),
      JAEGER_QUERY_PORT: portOf(endpoints.jaeger),
      JAEGER_QUERY_GRPC_PORT: String(endpoints.jaegerQueryGrpcPort),
      JAEGER_METRICS_PORT: portOf(endpoints.jaegerMetrics),
      JAEGER_HEALTH_PORT: portOf(endpoints.jaegerHealth),
      JAEGER_DATA: `${state}/jaeger`,
    },
    ports: [
      ...[portOf(endpoints.jaeger), endpoints.jaegerOtlpPort, endpoints.jaegerQueryGrpcPort],
      ...[endpoints.jaegerMetrics, endpoints.jaegerHealth].map(portOf),
    ],
  })
  const logServer = server({
    name: 'log-server',
    url: `${endpoints.loki}/loki/api/v1/labels`,
    description: loki ? 'API only: Loki' : 'API only: Vitrine’s log server, with Loki’s API',
    ready: `${endpoints.loki}/ready`,
    ...(loki ? lokiProcess(loki, endpoints, state) : vitrineLogServer(endpoints, state)),
  })
  const pages = findPrometheusUi(bin)
  const prometheus = server({
    name: 'prometheus',
    url: pages ? endpoints.prometheus : `${endpoints.prometheus}/api/v1/alerts`,
    description: pages ? 'metrics, rules, alerts' : 'API only: stack/native/install prometheus-ui builds its pages',
    ready: `${endpoints.prometheus}/-/ready`,
    command: [
      `${bin}/prometheus`,
      `--config.file=${state}/prometheus-config/prometheus.yml`,
      `--storage.tsdb.path=${state}/prometheus`,
      '--storage.tsdb.retention.time=35d',
      `--web.listen-address=${new URL(endpoints.prometheus).host}`,
      `--web.external-url=${endpoints.prometheus}`,
      '--web.enable-otlp-receiver',
      '--web.enable-lifecycle',
      '--enable-feature=exemplar-storage,created-timestamp-zero-ingestion',
    ],
    cwd: pages,
    ports: [portOf(endpoints.prometheus)],
  })
  const alertmanager = server({
    name: 'alertmanager',
    url: endpoints.alertmanager,
    description: 'alerts, silences',
    ready: `${endpoints.alertmanager}/-/ready`,
    command: [
      `${bin}/alertmanager`,
      `--config.file=${state}/alertmanager.yml`,
      `--storage.path=${state}/alertmanager`,
      `--web.listen-address=${new URL(endpoints.alertmanager).host}`,
      `--web.external-url=${endpoints.alertmanager}`,
      '--cluster.listen-address=',
    ],
    ports: [portOf(endpoints.alertmanager)],
  })
  const collector = server({
    name: 'collector',
    url: `${endpoints.collectorHealth}/`,
    description: `health; receives OTLP at ${new URL(endpoints.collector).host}, gRPC at ${host}:${endpoints.collectorGrpcPort}`,
    ready: `${endpoints.collectorHealth}/`,
    command: [`${bin}/otelcol`, '--config=collector.yaml', '--config=stack/native/to-console.yaml'],
    env: {
      COLLECTOR_HOST: host,
      COLLECTOR_GRPC_PORT: String(endpoints.collectorGrpcPort),
      COLLECTOR_HTTP_PORT: portOf(endpoints.collector),
      COLLECTOR_METRICS_PORT: portOf(endpoints.collectorMetrics),
      COLLECTOR_HEALTH_PORT: portOf(endpoints.collectorHealth),
      COLLECTOR_QUEUE_DIR: `${state}/collector/queue`,
      JAEGER_OTLP: `${host}:${endpoints.jaegerOtlpPort}`,
      LOKI_OTLP: `${endpoints.loki}/otlp`,
      PROMETHEUS_OTLP: `${endpoints.prometheus}/api/v1/otlp`,
      CONSOLE_OTLP: endpoints.console,
    },
    ports: [
      endpoints.collectorGrpcPort,
      ...[endpoints.collector, endpoints.collectorMetrics, endpoints.collectorHealth].map(portOf),
    ],
  })
  return { backends: [jaeger, logServer, prometheus, alertmanager], collector: [{ ...collector, stopsLast: false }] }
}

/** Prints alerts and forwards them to the console. */
export const alertReceiverProgram = (endpoints: StackEndpoints): Program => ({
  name: 'alerts',
  command: scriptCommand('stack/alert-receiver/index.ts'),
  url: `${endpoints.alertReceiver}/alerts`,
  description: 'the last notified alerts, as JSON',
  ports: [Number(new URL(endpoints.alertReceiver).port)],
  env: { RECEIVER_PORT: new URL(endpoints.alertReceiver).port, CONSOLE_URL: endpoints.console },
  isReady: () => isResponding(`${endpoints.alertReceiver}/ready`),
  stopsLast: true,
})

type LogServerProcess = Pick<Server, 'command' | 'env' | 'ports'>

function lokiProcess(program: string, endpoints: StackEndpoints, state: string): LogServerProcess {
  const env = {
    LOKI_HOST: host,
    LOKI_PORT: portOf(endpoints.loki),
    LOKI_GRPC_PORT: String(endpoints.lokiGrpcPort),
    LOKI_DATA: `${state}/loki`,
  }
  const command = [program, '-config.file=observability/loki/loki.yaml', '-config.expand-env=true']
  return { command, env, ports: [portOf(endpoints.loki), endpoints.lokiGrpcPort] }
}

/** Vitrine’s log server, with the OTLP mapping and the retention of Loki’s configuration. */
function vitrineLogServer(endpoints: StackEndpoints, state: string): LogServerProcess {
  const env = {
    LOG_SERVER_PORT: portOf(endpoints.loki),
    LOG_SERVER_DATA: `${state}/log-server`,
    LOG_SERVER_CONFIG: 'observability/loki/loki.yaml',
  }
  // With --smol, Bun collects garbage more often.
  return { command: [process.execPath, '--smol', 'console/log-server/index.ts'], env, ports: [portOf(endpoints.loki)] }
}
