import { serviceNames } from '../../services/names'
import { jaegerTraces, logql, promqlTable } from './data-sources'
import { logs, table } from './panels'
import { requestDurationMetric, selectedServices } from './promql'

// Panels to find a cause: the route, the trace, the log line.

export const slowestRoutes = () =>
  table({
    title: 'Slowest routes',
    description: '95th percentile of durations by route in the time range, the slowest ten.',
    unit: 's',
    width: 12,
    height: 10,
    queries: [
      promqlTable(
        `topk(10, histogram_quantile(0.95, sum by (le, service_name, http_route) (increase(${requestDurationMetric}_bucket{${selectedServices}, http_route!=""}[$__range]))) > 0)`,
      ),
    ],
  })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        renameByName: { service_name: 'Service', http_route: 'Route', Value: 'Duration' },
      },
    })
    .withTransformation({ id: 'sortBy', options: { sort: [{ field: 'Duration', desc: true }] } })

export const failedTraces = () =>
  table({
    title: 'Failed traces',
    description: 'Last traces with a failed span, of each service. The id opens the trace, which links to its logs.',
    unit: 'short',
    width: 12,
    height: 10,
    emptyWhile: 'nothing fails',
    queries: serviceNames.map((name) => jaegerTraces(name, 'error=true')),
  }).withTransformation({ id: 'merge', options: {} })

export const errorLogs = () =>
  logs({
    title: 'Error logs',
    description: 'Error lines of the selected services, newest first.',
    unit: 'short',
    width: 12,
    height: 10,
    emptyWhile: 'nothing fails',
    queries: [
      logql(
        `{${selectedServices}} | severity_text=~"ERROR|FATAL" |= "$text" | line_format "{{.service_name}} · {{__line__}}"`,
      ),
    ],
  })

export const liveLogs = () =>
  logs({
    title: 'Live logs',
    description: 'All lines of the selected services that contain the text. A line opens its fields and its trace.',
    unit: 'short',
    width: 24,
    height: 12,
    queries: [
      logql(`{${selectedServices}} |= "$text" | line_format "{{.service_name}} · {{.severity_text}} · {{__line__}}"`),
    ],
  })
