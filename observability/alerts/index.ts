import type { Alert } from './alert'
import { budgetAlerts } from './budgets'
import { databaseAlerts } from './database'
import { requestAlerts } from './requests'
import { shopAlerts } from './shop'
import { telemetryAlerts } from './telemetry'

export type { Alert }

/** All alerts, by subject. Each needs a runbook, cases for promtool and a scenario that fires it. */
export const alertGroups: Record<string, Alert[]> = {
  requests: requestAlerts,
  budgets: budgetAlerts,
  shop: shopAlerts,
  database: databaseAlerts,
  telemetry: telemetryAlerts,
}

export const alerts: Alert[] = Object.values(alertGroups).flat()
