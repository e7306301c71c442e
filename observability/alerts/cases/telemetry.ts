import type { AlertCase } from './case'

const collector = (name: string, exporter: string, more = '') =>
  `otelcol_exporter_${name}{job="otel-collector",exporter="${exporter}"${more}}`
const jaeger = 'otlp_grpc/jaeger'
const loki = 'otlp_http/loki'
const prometheus = 'otlp_http/prometheus'
const console = 'otlp_http/console'
const up = 'up{job="otel-collector",instance="collector:8888"}'
const down = { job: 'otel-collector', instance: 'collector:8888', value: '' }
const refused = 'otelcol_receiver_refused_spans{job="otel-collector",receiver="otlp",transport="http"}'
const processed = (service: string, item: string) =>
  `otel_sdk_processor_${item}_processed_total{service_name="${service}",job="vitrine/${service}",error_type="queue_full"}`

export const telemetryCases: Record<string, AlertCase[]> = {
  CollectorDown: [
    {
      name: 'fires after 15 s, and for 30 s after the recovery',
      series: { [up]: '1x12 0x12 1x24' },
      firingAt: { '1m10s': [], '1m25s': [down], '2m20s': [down], '2m50s': [] },
    },
    {
      name: 'does not fire for one failed scrape, or for other servers',
      series: { [up]: '1x12 0x2 1x24', 'up{job="loki",instance="loki:3100"}': '0x48' },
      firingAt: { '1m10s': [], '1m25s': [], '2m': [] },
    },
  ],
  MetricsNotArriving: [
    {
      name: 'fires when no request to Prometheus succeeds, not for other stores, and resolves 30 s after one does',
      series: {
        [collector('in_flight_requests', prometheus, ',data_type="metrics"')]: '0x12 4x24 0x12',
        [collector('sent_metric_points', prometheus)]: '0+9x12 108x24 200+9x12',
        [collector('in_flight_requests', loki, ',data_type="logs"')]: '0x12 4x24 0x12',
        [collector('sent_log_records', loki)]: '0+9x12 108x36',
      },
      firingAt: { '1m25s': [], '1m40s': [{ exporter: prometheus, value: '' }], '4m': [] },
    },
    {
      name: 'fires when every request has been rejected from the start',
      series: { [collector('send_failed_metric_points', prometheus)]: '_x6 5+5x24 125x24' },
      firingAt: { '20s': [], '1m': [{ exporter: prometheus, value: '' }], '4m': [] },
    },
    {
      name: 'does not fire while most requests succeed, though one is rejected and one hangs, or for a first rejection',
      series: {
        [collector('in_flight_requests', prometheus, ',data_type="metrics"')]: '_x2 1x46',
        [collector('send_failed_metric_points', prometheus)]: '_x2 5+1x45',
        [collector('sent_metric_points', prometheus)]: '_x3 9+9x44',
      },
      firingAt: { '10s': [], '15s': [], '20s': [], '1m': [], '3m': [] },
    },
  ],
  CollectorExportFailing: [
    {
      name: 'fires when requests fail, with either name of the counter, and resolves after a minute',
      series: {
        [collector('send_failed_spans', jaeger)]: '0x6 0+5x12 60x48',
        [collector('send_failed_log_records_total', loki)]: '0x6 0+5x12 60x48',
      },
      firingAt: {
        '30s': [],
        '1m': [
          { exporter: jaeger, value: '' },
          { exporter: loki, value: '' },
        ],
        '3m30s': [],
      },
    },
    {
      name: 'fires when the series begins with the first failure',
      series: { [collector('send_failed_spans', jaeger)]: '_x12 5x36' },
      firingAt: { '50s': [], '1m5s': [{ exporter: jaeger, value: '' }], '3m': [] },
    },
    {
      name: 'fires when a request is retried without counting as failed, and resolves when it succeeds',
      series: {
        [collector('in_flight_requests', loki, ',data_type="logs"')]: '0x12 4x24 0x12',
        [collector('sent_log_records', loki)]: '0+9x12 108x24 200+9x12',
      },
      firingAt: { '1m15s': [], '2m': [{ exporter: loki, value: '' }], '3m50s': [] },
    },
    {
      name: 'fires when one consumer hangs for ten minutes while others send, and resolves when it continues',
      series: {
        [collector('in_flight_requests', loki, ',data_type="logs"')]: '0x12 1x144 0x12',
        [collector('queue_size', loki, ',data_type="logs"')]: '0x12 500x144 0x12',
        [collector('sent_log_records', loki)]: '0+9x170',
      },
      firingAt: { '10m': [], '11m30s': [{ exporter: loki, value: '' }], '13m45s': [] },
    },
    {
      name: 'does not fire for a busy exporter whose queue is empty at times',
      series: {
        [collector('in_flight_requests', loki, ',data_type="logs"')]: '2x170',
        [collector('queue_size', loki, ',data_type="logs"')]: '500x100 0 500x70',
        [collector('sent_log_records', loki)]: '0+9x170',
      },
      firingAt: { '2m': [], '12m': [] },
    },
    {
      name: 'does not fire for a developer’s console that is off',
      series: {
        [collector('send_failed_spans', console)]: '0+5x36',
        [collector('in_flight_requests', console, ',data_type="logs"')]: '4x36',
      },
      firingAt: { '1m': [], '2m': [] },
    },
  ],
  CollectorQueueFilling: [
    {
      name: 'fires above 70 %, and resolves below',
      series: {
        [collector('queue_size', loki, ',data_type="logs"')]: '0x6 80x12 10x12',
        [collector('queue_capacity', loki, ',data_type="logs"')]: '100x48',
      },
      firingAt: { '30s': [], '1m': [{ exporter: loki, data_type: 'logs', value: '80%' }], '2m': [] },
    },
    {
      name: 'does not fire at 60 %, or for a console that is off',
      series: {
        [collector('queue_size', loki, ',data_type="logs"')]: '60x36',
        [collector('queue_capacity', loki, ',data_type="logs"')]: '100x36',
        [collector('queue_size', console, ',data_type="logs"')]: '100x36',
        [collector('queue_capacity', console, ',data_type="logs"')]: '100x36',
      },
      firingAt: { '1m': [], '2m': [] },
    },
  ],
  TelemetryDropped: [
    {
      name: 'fires for the service with a full queue, and resolves after a minute',
      series: {
        [processed('frontend', 'span')]: '0x12 0+6x12 72x36',
        [processed('user-service', 'log')]: '0x60',
      },
      firingAt: { '1m': [], '1m50s': [{ service_name: 'frontend', value: '54' }], '4m': [] },
    },
    {
      name: 'fires for records that the collector rejected or could not queue',
      series: { [refused]: '0x12 0+6x12 72x36', [collector('enqueue_failed_log_records', loki)]: '_x24 18x36' },
      firingAt: {
        '1m50s': [{ job: 'otel-collector', value: '54' }],
        '2m50s': [{ job: 'otel-collector', value: '18' }],
        '5m': [],
      },
    },
    {
      name: 'does not fire after a gap for records lost before it',
      series: { [refused]: '0x6 18x24 _x84 18x20', [processed('frontend', 'log')]: '0x6 18x24 _x84 18x20' },
      firingAt: { '3m': [], '9m45s': [], '9m50s': [], '10m': [] },
    },
    {
      name: 'fires after a gap for records lost during it',
      series: { [refused]: '0x6 18x24 _x84 20x20' },
      firingAt: {
        '1m': [{ job: 'otel-collector', value: '18' }],
        '9m50s': [{ job: 'otel-collector', value: '20' }],
        '11m': [],
      },
    },
    {
      name: 'does not fire for a collector that stops in an outage and counts its queue as failed',
      series: {
        [collector('send_failed_spans', jaeger)]: '0x12 18 stale _x36',
        [collector('send_failed_log_records', loki)]: '_x12 18 stale _x36',
      },
      firingAt: { '1m': [], '1m5s': [], '1m10s': [], '1m15s': [], '1m30s': [], '2m': [] },
    },
    {
      name: 'does not fire for lost metric points, or for a console that is off',
      series: {
        'otel_sdk_exporter_metric_data_point_exported_total{service_name="frontend",error_type="503"}': '0+6x36',
        [collector('enqueue_failed_log_records', console)]: '0+6x36',
        [collector('send_failed_spans', console)]: '0+6x36',
      },
      firingAt: { '1m': [], '2m': [] },
    },
  ],
}
