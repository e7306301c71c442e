import type { Alert } from './alerts/alert'
import { budgetAlerts } from './alerts/budgets'
import { databaseAlerts } from './alerts/database'
import { requestAlerts } from './alerts/requests'
import { shopAlerts } from './alerts/shop'
import { telemetryAlerts } from './alerts/telemetry'

export type { Alert }

/** Every alert: what Prometheus evaluates, and what must have a runbook and a test. By what they look at. */
export const alertGroups: Record<string, Alert[]> = {
  requests: requestAlerts,
  budgets: budgetAlerts,
  shop: shopAlerts,
  database: databaseAlerts,
  telemetry: telemetryAlerts,
}

export const alerts: Alert[] = Object.values(alertGroups).flat()

const publicRunbooks = 'https://github.com/vitrine-shop/vitrine/blob/main/docs/runbooks/'

/** Where an alert sends who must act: `docs/runbooks/NAME.md`, below `base`. */
export const runbookUrl = ({ name }: Alert, base = publicRunbooks): string => `${base.replace(/\/*$/, '/')}${name}.md`
