import { budgetCases } from './budgets'
import type { AlertCase } from './case'
import { databaseCases } from './database'
import { requestCases } from './requests'
import { shopCases } from './shop'
import { telemetryCases } from './telemetry'

/** The tests of each alert, by its name. */
export const alertCases: Record<string, AlertCase[]> = {
  ...requestCases,
  ...budgetCases,
  ...shopCases,
  ...databaseCases,
  ...telemetryCases,
}
