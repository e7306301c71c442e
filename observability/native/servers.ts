import { mkdirSync } from 'node:fs'
import { answers, type Planned } from '../../src/launch/planned'
import type { StackPlaces } from '../places'
import { leashed } from './leashed'

const host = '127.0.0.1'
const portOf = (url: string) => new URL(url).port

export interface Folders {
  /** The servers' programs. */
  bin: string
  /** State of the stack: data, logs, what is rendered. */
  state: string
  /** Loki's program, where it is to be the log server. */
  loki?: string | undefined
}

/** The servers of the stack, each from the file that compose mounts; only places differ, by environment variables. */
export function servers(
  places: StackPlaces,
  { bin, state, loki }: Folders,
): Record<'backends' | 'collector', Planned[]> {
  const server = (
    name: string,
    url: string,
    ready: string,
    command: string[],
    env: Record<string, string> = {},
    ports: (string | number)[] = [],
  ) => {
    mkdirSync(`${state}/${name}`, { recursive: true })
    return {
      name,
      url,
      ports: [portOf(url), ...ports].map(Number),
      isReady: () => answers(ready),
      command: leashed(command),
      env,
      logFile: `${state}/logs/${name}.log`,
      stopsLast: true,
    }
  }
  const jaeger = server(
    'jaeger',
    places.jaeger,
    `${places.jaegerHealth}/status`,
    [`${bin}/jaeger`, '--config=observability/jaeger/jaeger.yaml'],
    {
      JAEGER_HOST: host,
      JAEGER_OTLP_PORT: String(places.jaegerOtlpPort),
      JAEGER_QUERY_PORT: portOf(places.jaeger),
      JAEGER_QUERY_GRPC_PORT: String(places.jaegerQueryGrpcPort),
      JAEGER_METRICS_PORT: portOf(places.jaegerMetrics),
      JAEGER_HEALTH_PORT: portOf(places.jaegerHealth),
      JAEGER_DATA: `${state}/jaeger`,
    },
    [places.jaegerOtlpPort, places.jaegerQueryGrpcPort, ...[places.jaegerMetrics, places.jaegerHealth].map(portOf)],
  )
  const logServer = server(
    'log-server',
    places.loki,
    `${places.loki}/ready`,
    ...(loki ? realLoki(loki, places, state) : ownLogServer(places, state)),
  )
  const prometheus = server('prometheus', places.prometheus, `${places.prometheus}/-/ready`, [
    `${bin}/prometheus`,
    `--config.file=${state}/prometheus-config/prometheus.yml`,
    `--storage.tsdb.path=${state}/prometheus`,
    '--storage.tsdb.retention.time=35d',
    `--web.listen-address=${new URL(places.prometheus).host}`,
    '--web.enable-otlp-receiver',
    '--web.enable-lifecycle',
    '--enable-feature=exemplar-storage,created-timestamp-zero-ingestion',
  ])
  const alertmanager = server('alertmanager', places.alertmanager, `${places.alertmanager}/-/ready`, [
    `${bin}/alertmanager`,
    `--config.file=${state}/alertmanager.yml`,
    `--storage.path=${state}/alertmanager`,
    `--web.listen-address=${new URL(places.alertmanager).host}`,
    '--cluster.listen-address=',
  ])
  const collector = server(
    'collector',
    places.collector,
    `${places.collectorHealth}/`,
    [`${bin}/otelcol`, '--config=collector.yaml', '--config=observability/native/to-console.yaml'],
    {
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
    [places.collectorGrpcPort, ...[places.collectorMetrics, places.collectorHealth].map(portOf)],
  )
  return { backends: [jaeger, logServer, prometheus, alertmanager], collector: [{ ...collector, stopsLast: false }] }
}

type Started = [command: string[], env: Record<string, string>, ports: number[]]

function realLoki(program: string, places: StackPlaces, state: string): Started {
  const env = {
    LOKI_HOST: host,
    LOKI_PORT: portOf(places.loki),
    LOKI_GRPC_PORT: String(places.lokiGrpcPort),
    LOKI_DATA: `${state}/loki`,
  }
  const command = [program, '-config.file=observability/loki/loki.yaml', '-config.expand-env=true']
  return [command, env, [places.lokiGrpcPort]]
}

/** The console's log server, with what Loki's file says of OTLP and retention. */
function ownLogServer(places: StackPlaces, state: string): Started {
  const env = {
    LOG_SERVER_PORT: portOf(places.loki),
    LOG_SERVER_DATA: `${state}/log-server`,
    LOG_SERVER_CONFIG: 'observability/loki/loki.yaml',
  }
  // With --smol memory is collected more often.
  return [[process.execPath, '--smol', 'console/log-server/index.ts'], env, []]
}
