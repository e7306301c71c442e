/** Writes the alert rules of observability/console.json from slo.ts and alerts/; its panels and annotations are handwritten. */

import { t } from '../console/ui/typography'
import { viewsSchema } from '../console/views'
import { writeFormatted } from '../lint/write-formatted'
import { serviceNames } from '../services/names'
import { alerts } from './alerts'
import { thresholdAlerts } from './slo'

const { windowS, minRequests, errorShare, p95Ms } = thresholdAlerts
// Metrics are exported every 5 s, and the console receives the exports directly, so it needs no tolerance for scrapes.
const silentS = 8
const measured = { windowS, minRequests }

const rules = [
  rule(
    'HighErrorRate',
    { kind: 'error_share', above: errorShare, ...measured },
    {
      fr: t`Plus de ${errorShare * 100} % des requêtes échouent`,
      en: `More than ${errorShare * 100}% of requests fail`,
    },
  ),
  rule(
    'HighLatency',
    { kind: 'p95_ms', above: p95Ms, ...measured },
    {
      fr: t`Une requête sur vingt dure plus de ${p95Ms}\u00a0ms`,
      en: `One request in twenty takes more than ${p95Ms} ms`,
    },
  ),
  rule(
    'ServiceDown',
    // Only the shop’s services: a load test or another program may end.
    { kind: 'silent_s', above: silentS, services: serviceNames },
    {
      fr: t`Plus aucun signe de vie depuis ${silentS}\u00a0s`,
      en: `No sign of life for ${silentS} s`,
    },
  ),
]

const path = `${import.meta.dir}/console.json`
const views = { ...(await Bun.file(path).json()), rules }
viewsSchema.parse(views)
await writeFormatted(path, JSON.stringify(views))

function rule(name: string, condition: object, summary: { fr: string; en: string }) {
  const severity = alerts.find((alert) => alert.name === name)?.severity
  return { name, severity, summary, ...condition }
}
