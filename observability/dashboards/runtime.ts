import { buildDashboard } from './build-dashboard'
import { promql } from './data-sources'
import { timeSeries } from './panels'
import { currentGauge, rate, selectedServices } from './promql'
import { serviceVariable } from './variables'

const lost = `${selectedServices}, error_type!=""`

/** Resources of the processes, and their telemetry. */
export const runtime = () =>
  buildDashboard({
    name: 'runtime',
    title: 'Processes',
    description: 'CPU, memory, event loop and telemetry of each service.',
    variables: [serviceVariable('process_memory_usage_bytes')],
    sections: [
      { title: 'Resources', panels: resources() },
      { title: 'Responsiveness', panels: responsiveness() },
      { title: 'Telemetry of the services', panels: telemetry() },
    ],
  })

const resources = () => [
  timeSeries({
    title: 'CPU',
    description: 'Cores used by each service. 1 is a full core, and the event loop has only one.',
    unit: 'percentunit',
    width: 12,
    steps: [[0.9, 'red']],
    queries: [promql(rate('process_cpu_time_seconds_total', selectedServices, 'service_name'), '{{service_name}}')],
  }),
  timeSeries({
    title: 'Memory',
    description: 'Resident memory of each process. A slope that never falls is a leak.',
    unit: 'bytes',
    width: 12,
    queries: [
      promql(
        `max by (service_name, service_instance_id) (${currentGauge('process_memory_usage_bytes', selectedServices)})`,
        '{{service_name}} {{service_instance_id}}',
      ),
    ],
  }),
]

const responsiveness = () => [
  delay('Event loop delay, 99th percentile', 'p99'),
  delay('Event loop delay, maximum', 'max'),
  timeSeries({
    title: 'Active requests',
    description: 'Requests that each service is processing.',
    unit: 'short',
    width: 8,
    queries: [
      promql(
        `sum by (service_name) (${currentGauge('http_server_active_requests', selectedServices)})`,
        '{{service_name}}',
      ),
    ],
  }),
]

const delay = (title: string, which: 'p99' | 'max') =>
  timeSeries({
    title,
    description: 'How late timers fire. Above 100 ms, a computation blocks the whole process.',
    unit: 's',
    width: 8,
    steps: [[0.1, 'red']],
    queries: [
      promql(
        `max by (service_name) (${currentGauge(`nodejs_eventloop_delay_${which}_seconds`, selectedServices)})`,
        '{{service_name}}',
      ),
    ],
  })

const telemetry = () => [
  timeSeries({
    title: 'Export queues',
    description: 'Used share of the queues of spans and log records. A full queue drops new records.',
    unit: 'percentunit',
    width: 8,
    steps: [[0.7, 'red']],
    queries: [queue('span', 'spans'), queue('log', 'log records')],
  }),
  timeSeries({
    title: 'Dropped telemetry',
    description: 'Spans, log records and points dropped per second, by reason. TelemetryDropped fires for any.',
    unit: 'cps',
    width: 8,
    emptyWhile: 'nothing was dropped since the start',
    steps: [[0.001, 'red']],
    queries: [
      promql(rate('otel_sdk_processor_span_processed_total', lost, 'service_name, error_type'), dropped('spans')),
      promql(rate('otel_sdk_processor_log_processed_total', lost, 'service_name, error_type'), dropped('log records')),
      promql(
        rate('otel_sdk_exporter_metric_data_point_exported_total', lost, 'service_name, error_type'),
        dropped('points'),
      ),
    ],
  }),
  timeSeries({
    title: 'Exported telemetry',
    description: 'Spans, log records and points per second whose export has finished.',
    unit: 'cps',
    width: 8,
    queries: [
      promql(rate('otel_sdk_exporter_span_exported_total', selectedServices, 'service_name'), '{{service_name}} spans'),
      promql(
        rate('otel_sdk_exporter_log_exported_total', selectedServices, 'service_name'),
        '{{service_name}} log records',
      ),
      promql(
        rate('otel_sdk_exporter_metric_data_point_exported_total', selectedServices, 'service_name'),
        '{{service_name}} points',
      ),
    ],
  }),
]

const queue = (signal: 'span' | 'log', name: string) => {
  const level = (which: string) =>
    `sum by (service_name) (${currentGauge(`otel_sdk_processor_${signal}_queue_${which}`, selectedServices)})`
  return promql(`${level('size')} / ${level('capacity')}`, `{{service_name}} ${name}`)
}

const dropped = (name: string): string => `{{service_name}} ${name} {{error_type}}`
