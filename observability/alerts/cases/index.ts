import { budgetCases } from './budgets'
import type { Case } from './case'
import { databaseCases } from './database'
import { requestCases } from './requests'
import { shopCases } from './shop'
import { telemetryCases } from './telemetry'

/** What is expected of each alert, by its name. */
export const cases: Record<string, Case[]> = {
  ...requestCases,
  ...budgetCases,
  ...shopCases,
  ...databaseCases,
  ...telemetryCases,
}
