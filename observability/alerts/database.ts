import { gaugeWindow } from '../slo'
import type { Alert } from './alert'
import { p95Above } from './last-minute'
import { label, service, value } from './placeholders'

export const databaseAlerts: Alert[] = [
  {
    name: 'DatabaseSlow',
    severity: 'warning',
    perService: true,
    expr: p95Above('db_client_operation_duration_seconds', 0.1),
    for: '5s',
    summary: `${service}: its database is slow`,
    description: `The 95th percentile of SQL statements in the last minute is ${value.duration}.`,
  },
  {
    name: 'DatabasePoolExhausted',
    severity: 'warning',
    perService: true,
    // Callers time out and return in waves, so the window bridges single samples of 0. It must be shorter than `for`, or the
    // last sample of a stopped process would fire.
    expr: `sum by (service_name, db_client_connection_pool_name) (max_over_time(db_client_connection_pending_requests[${gaugeWindow}])) > 0`,
    for: '20s',
    summary: `${service}: no free connection in pool ${label('db_client_connection_pool_name')}`,
    description: `Requests waiting for a connection for 20 s: ${value.whole}.`,
  },
]
