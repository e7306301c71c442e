import { z } from 'zod'

const texts = z.record(z.string(), z.string())
const moment = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-11-25T10:00:00Z' })

const alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: texts,
  annotations: texts.default({}),
  startsAt: moment,
  /** In the year 1 while it fires. */
  endsAt: moment,
  generatorURL: z.string().default(''),
  /** Of the labels: the same alert, whenever it fires. */
  fingerprint: z.string().min(1).max(64),
})

/** What Alertmanager posts to a webhook. Source: Alertmanager's documentation, `<webhook_config>`, version 4. */
const notificationSchema = z.object({
  version: z.literal('4', 'must be "4", the version of webhooks that is understood here'),
  receiver: z.string().default(''),
  externalURL: z.string().default(''),
  alerts: z.array(alert).max(1000),
})

export type AlertNotification = z.infer<typeof notificationSchema>
export type NotifiedAlert = AlertNotification['alerts'][number]

/** The most that one delivery may hold, in bytes. */
export const maxNotificationBytes = 1024 * 1024

/**
 * Reads what an Alertmanager has posted: the notification, or everything that is wrong with it, each with its place. It is
 * to be answered with 4xx, as 5xx would be sent again. Deliveries repeat: fingerprint, `startsAt` and `status` are the key.
 */
export function parseNotification(body: string): { notification: AlertNotification } | { problem: string } {
  const result = notificationSchema.safeParse(parsed(body))
  if (result.success) return { notification: result.data }
  const problems = result.error.issues.slice(0, 10).map(({ path, message }) => `${place(path)}: ${message}`)
  return { problem: `this is no webhook of Alertmanager (version 4): ${problems.join('; ')}` }
}

const place = (path: PropertyKey[]) => path.map(String).join('.') || 'the body'

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
