import { emitEvent } from '../stack/emit-event'
import type { Endpoints } from '../stack/endpoints'
import { createStackLinks } from '../stack/links'
import { type Settings, withShapeDefaults } from './shapes'

/** `service.name` of the metrics of both engines, and of the events. */
export const serviceName = 'loadtest'

/** Emits the event that a run starts or, with an exit code, ends. Dashboards show it. @throws Error when the endpoint rejects it */
export function announceRun(endpoint: string, settings: Settings, exitCode?: number): Promise<void> {
  const { run, shape, journey } = settings
  const { rate, durationS } = withShapeDefaults(settings)
  const hasEnded = exitCode !== undefined
  return emitEvent(endpoint, {
    service: serviceName,
    eventName: hasEnded ? 'loadtest.ended' : 'loadtest.started',
    body: `Load test ${run} ${hasEnded ? 'ended' : 'started'}`,
    attributes: {
      'loadtest.run': run,
      'loadtest.shape': shape,
      'loadtest.journey': journey,
      'loadtest.rate': rate,
      'loadtest.duration_s': durationS,
      ...(hasEnded && { 'loadtest.passed': exitCode === 0 }),
    },
  })
}

/** k6's settings for the export of metrics over OTLP. @see https://grafana.com/docs/k6/latest/results-output/real-time/opentelemetry/ */
export function k6OtlpEnv(endpoint: string): Record<string, string> {
  const { protocol, host, pathname } = new URL(endpoint)
  return {
    K6_OTEL_SERVICE_NAME: serviceName,
    K6_OTEL_METRIC_PREFIX: 'k6.',
    K6_OTEL_EXPORTER_PROTOCOL: 'http/protobuf',
    K6_OTEL_HTTP_EXPORTER_ENDPOINT: host,
    K6_OTEL_HTTP_EXPORTER_URL_PATH: `${pathname.replace(/\/$/, '')}/v1/metrics`,
    K6_OTEL_HTTP_EXPORTER_INSECURE: String(protocol === 'http:'),
    K6_OTEL_EXPORT_INTERVAL: '5s',
    K6_OTEL_FLUSH_INTERVAL: '1s',
  }
}

/** The URL of a trace, without its id at the end. */
export async function traceUrlPrefix(endpoint: string, endpoints: Endpoints): Promise<string> {
  return (await createStackLinks({ ...endpoints, collector: endpoint })).trace('')
}
