import { z } from 'zod'

const strings = z.record(z.string(), z.string())
const timestamp = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-11-25T10:00:00Z' })

const alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: strings,
  annotations: strings.default({}),
  startsAt: timestamp,
  /** In the year 1 while the alert fires. */
  endsAt: timestamp,
  generatorURL: z.string().default(''),
  /** A hash of the labels, the same each time the alert fires. */
  fingerprint: z.string().min(1).max(64),
})

/** A webhook notification of Alertmanager. Source: Alertmanager's documentation, `<webhook_config>`, version 4. */
const notificationSchema = z.object({
  version: z.literal('4', 'must be "4", the supported version of webhooks'),
  receiver: z.string().default(''),
  externalURL: z.string().default(''),
  alerts: z.array(alert).max(1000),
})

export type AlertNotification = z.infer<typeof notificationSchema>
export type NotifiedAlert = AlertNotification['alerts'][number]

/** Maximum size of one notification. */
export const maxNotificationBytes = 1024 * 1024

/**
 * Parses a notification, or returns its problems with their paths. Respond to problems with 4xx: Alertmanager retries 5xx.
 * Alertmanager repeats notifications. Fingerprint, `startsAt` and `status` identify an alert in them.
 */
export function parseNotification(body: string): { notification: AlertNotification } | { problem: string } {
  const result = notificationSchema.safeParse(parseJson(body))
  if (result.success) return { notification: result.data }
  const problems = result.error.issues.slice(0, 10).map(({ path, message }) => `${formatPath(path)}: ${message}`)
  return { problem: `not an Alertmanager notification (version 4): ${problems.join('; ')}` }
}

const formatPath = (path: PropertyKey[]) => path.map(String).join('.') || 'the body'

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
