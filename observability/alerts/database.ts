import { t } from '../../src/typography'
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
    summary: t`${service} : sa base de données est lente`,
    description: t`Le 95e centile des requêtes SQL de la dernière minute est de ${value.duration}.`,
  },
  {
    name: 'DatabasePoolExhausted',
    severity: 'warning',
    perService: true,
    // One glance in which nobody waits is no end of it: callers that give up come back in waves. What was said once, or last
    // by a dead process, must not be seen for as long as `for`.
    expr: `sum by (service_name, db_client_connection_pool_name) (max_over_time(db_client_connection_pending_requests[${gaugeWindow}])) > 0`,
    for: '20s',
    summary: t`${service} : plus de connexion libre vers ${label('db_client_connection_pool_name')}`,
    description: t`Demandes de connexion en attente depuis 20\u00a0s : ${value.whole}.`,
  },
]
