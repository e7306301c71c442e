import { t } from '../src/typography'
import { emitEvent } from '../stack/emit-event'
import type { Endpoints } from '../stack/endpoints'
import { createStackLinks } from '../stack/links'
import { type Settings, withShapeDefaults } from './shapes'

/** `service.name` of the metrics of both engines, and of the announcements. */
export const serviceName = 'loadtest'

/** Says on every dashboard that a run begins or, with an exit code, ends. @throws Error when nobody takes it */
export function announceRun(endpoint: string, settings: Settings, exitCode?: number): Promise<void> {
  const { run, shape, journey } = settings
  const { rate, durationS } = withShapeDefaults(settings)
  const hasEnded = exitCode !== undefined
  return emitEvent(endpoint, {
    service: serviceName,
    eventName: hasEnded ? 'loadtest.ended' : 'loadtest.started',
    body: hasEnded ? t`Test de charge ${run} : fin` : t`Test de charge ${run} : début`,
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

/** Settings with which k6 sends its figures over OTLP. @see https://grafana.com/docs/k6/latest/results-output/real-time/opentelemetry/ */
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

/** Where a trace is shown, before its id. */
export async function traceUrlPrefix(endpoint: string, places: Endpoints): Promise<string> {
  return (await createStackLinks({ ...places, collector: endpoint })).trace('')
}
