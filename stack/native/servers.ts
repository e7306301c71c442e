import { mkdirSync } from 'node:fs'
import { endWithLauncher, isResponding, type Program } from '../../launch/program'
import type { StackEndpoints } from '../endpoints'
import { findPrometheusUi } from './programs'

const host = '127.0.0.1'
const portOf = (url: string) => new URL(url).port

export interface ServerPaths {
  /** The folder of the servers' programs. */
  bin: string
  /** The folder of data, logs and rendered configurations. */
  state: string
  /** Loki's program, where it is the log server; Vitrine's own log server by default. */
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

/** The servers of the stack, with the configuration files that compose mounts. Environment variables set endpoints and folders. */
export function serverPrograms(
  places: StackEndpoints,
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
    url: `${places.jaeger}/api/services`,
    description: `API only; its traces are in the console of bun run dev, ${new URL(places.console).host}`,
    ready: `${places.jaegerHealth}/status`,
    command: [`${bin}/jaeger`, '--config=observability/jaeger/jaeger.yaml'],
    env: {
      JAEGER_HOST: host,
      JAEGER_OTLP_PORT: String(places.jaegerOtlpPort),
      JAEGER_QUERY_PORT: portOf(places.jaeger),
      JAEGER_QUERY_GRPC_PORT: String(places.jaegerQueryGrpcPort),
      JAEGER_METRICS_PORT: portOf(places.jaegerMetrics),
      JAEGER_HEALTH_PORT: portOf(places.jaegerHealth),
      JAEGER_DATA: `${state}/jaeger`,
    },
    ports: [
      ...[portOf(places.jaeger), places.jaegerOtlpPort, places.jaegerQueryGrpcPort],
      ...[places.jaegerMetrics, places.jaegerHealth].map(portOf),
    ],
  })
  const logServer = server({
    name: 'log-server',
    url: `${places.loki}/loki/api/v1/labels`,
    description: loki ? 'API only: Loki' : 'API only: Vitrine’s log server, with Loki’s API',
    ready: `${places.loki}/ready`,
    ...(loki ? realLoki(loki, places, state) : ownLogServer(places, state)),
  })
  const pages = findPrometheusUi(bin)
  const prometheus = server({
    name: 'prometheus',
    url: pages ? places.prometheus : `${places.prometheus}/api/v1/alerts`,
    description: pages ? 'metrics, rules, alerts' : 'API only: stack/native/install prometheus-ui builds its pages',
    ready: `${places.prometheus}/-/ready`,
    command: [
      `${bin}/prometheus`,
      `--config.file=${state}/prometheus-config/prometheus.yml`,
      `--storage.tsdb.path=${state}/prometheus`,
      '--storage.tsdb.retention.time=35d',
      `--web.listen-address=${new URL(places.prometheus).host}`,
      `--web.external-url=${places.prometheus}`,
      '--web.enable-otlp-receiver',
      '--web.enable-lifecycle',
      '--enable-feature=exemplar-storage,created-timestamp-zero-ingestion',
    ],
    // Prometheus serves its pages from its working directory.
    cwd: pages,
    ports: [portOf(places.prometheus)],
  })
  const alertmanager = server({
    name: 'alertmanager',
    url: places.alertmanager,
    description: 'alerts, silences',
    ready: `${places.alertmanager}/-/ready`,
    command: [
      `${bin}/alertmanager`,
      `--config.file=${state}/alertmanager.yml`,
      `--storage.path=${state}/alertmanager`,
      `--web.listen-address=${new URL(places.alertmanager).host}`,
      `--web.external-url=${places.alertmanager}`,
      '--cluster.listen-address=',
    ],
    ports: [portOf(places.alertmanager)],
  })
  const collector = server({
    name: 'collector',
    url: `${places.collectorHealth}/`,
    description: `its health; takes OTLP at ${new URL(places.collector).host}, gRPC at ${host}:${places.collectorGrpcPort}`,
    ready: `${places.collectorHealth}/`,
    command: [`${bin}/otelcol`, '--config=collector.yaml', '--config=stack/native/to-console.yaml'],
    env: {
      COLLECTOR_HOST: host,
      COLLECTOR_GRPC_PORT: String(places.collectorGrpcPort),
      COLLECTOR_HTTP_PORT: portOf(places.collector),
      COLLECTOR_METRICS_PORT: portOf(places.collectorMetrics),
      COLLECTOR_HEALTH_PORT: portOf(places.collectorHealth),
      COLLECTOR_QUEUE_DIR: `${state}/collector/queue`,
      JAEGER_OTLP: `${host}:${places.jaegerOtlpPort}`,
      LOKI_OTLP: `${places.loki}/otlp`,
      PROMETHEUS_OTLP: `${places.prometheus}/api/v1/otlp`,
      CONSOLE_OTLP: places.console,
    },
    ports: [
      places.collectorGrpcPort,
      ...[places.collector, places.collectorMetrics, places.collectorHealth].map(portOf),
    ],
  })
  return { backends: [jaeger, logServer, prometheus, alertmanager], collector: [{ ...collector, stopsLast: false }] }
}

type LogServerProcess = Pick<Server, 'command' | 'env' | 'ports'>

function realLoki(program: string, places: StackEndpoints, state: string): LogServerProcess {
  const env = {
    LOKI_HOST: host,
    LOKI_PORT: portOf(places.loki),
    LOKI_GRPC_PORT: String(places.lokiGrpcPort),
    LOKI_DATA: `${state}/loki`,
  }
  const command = [program, '-config.file=observability/loki/loki.yaml', '-config.expand-env=true']
  return { command, env, ports: [portOf(places.loki), places.lokiGrpcPort] }
}

/** Vitrine's log server, with the OTLP mapping and the retention of Loki's file. */
function ownLogServer(places: StackEndpoints, state: string): LogServerProcess {
  const env = {
    LOG_SERVER_PORT: portOf(places.loki),
    LOG_SERVER_DATA: `${state}/log-server`,
    LOG_SERVER_CONFIG: 'observability/loki/loki.yaml',
  }
  // With --smol, Bun collects garbage more often.
  return { command: [process.execPath, '--smol', 'console/log-server/index.ts'], env, ports: [portOf(places.loki)] }
}
