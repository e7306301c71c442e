import { t } from '../../src/typography'
import { justNow } from '../slo'
import type { Alert } from './alert'
import { slow } from './minute'
import { label, service, value } from './texts'

export const databaseAlerts: Alert[] = [
  {
    name: 'DatabaseSlow',
    severity: 'warning',
    perService: true,
    expr: slow('db_client_operation_duration_seconds', 0.1),
    for: '5s',
    summary: t`${service} : sa base de données est lente`,
    description: t`Le 95e centile des requêtes SQL de la dernière minute est de ${value.duration}.`,
  },
  {
    name: 'DatabasePoolExhausted',
    severity: 'warning',
    perService: true,
    // What a dead process last said stays visible for five minutes, and must not last as long as `for`.
    expr: `sum by (service_name, db_client_connection_pool_name) (last_over_time(db_client_connection_pending_requests[${justNow}])) > 0`,
    for: '15s',
    summary: t`${service} : plus de connexion libre vers ${label('db_client_connection_pool_name')}`,
    description: t`Demandes de connexion en attente depuis 15\u00a0s : ${value.whole}.`,
  },
]
