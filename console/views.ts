import { z } from 'zod'

const localized = z.object({ fr: z.string(), en: z.string() })
const labels = z.record(z.string(), z.string()).default({})

const panel = z.discriminatedUnion('kind', [
  /** The increase of a counter per minute. */
  z.object({ kind: z.literal('per_minute'), title: localized, metric: z.string(), labels }),
  /** The increase of one counter as a share of the increase of another. */
  z.object({ kind: z.literal('share'), title: localized, metric: z.string(), labels, of: z.string() }),
  /** The mean of a histogram, with the unit to show. */
  z.object({ kind: z.literal('mean'), title: localized, metric: z.string(), labels, unit: z.string().default('') }),
])

const rule = z.object({
  name: z.string(),
  severity: z.enum(['critical', 'warning', 'info']),
  summary: localized,
  /** The share of 5xx responses; the 95th percentile in ms; the seconds since the service was last seen. */
  kind: z.enum(['error_share', 'p95_ms', 'silent_s']),
  above: z.number().positive(),
  /** The services that the rule applies to; by default, all that were seen, including short-lived ones. */
  services: z.array(z.string()).optional(),
  windowS: z.number().int().positive().default(60),
  /** With fewer requests in the window, the rule is not evaluated. */
  minRequests: z.number().int().nonnegative().default(20),
})

/** An annotation on all time axes, from a log record with this event name: a moment, or a period with an end. */
const annotation = z.object({
  title: localized,
  /** The name of the event. The next one with the same value of `by` ends the period. */
  begins: z.string(),
  /** The name of the event that ends the period. Without `ends` and `over`, the annotation is a moment. */
  ends: z.string().optional(),
  /** Attributes of a `begins` event that mean the end of the period. */
  over: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** The attribute that distinguishes overlapping periods. */
  by: z.string().optional(),
  /** The attribute that is shown as text; by default, the body. */
  label: z.string().optional(),
  /** A color of the style sheet. */
  color: z.enum(['bad', 'warn', 'accent', 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7']).default('c3'),
})

const defaultRules: z.input<typeof rule>[] = [
  {
    name: 'HighErrorRate',
    severity: 'critical',
    summary: { fr: 'Plus de 5\u202f% des requêtes échouent', en: 'More than 5% of requests fail' },
    kind: 'error_share',
    above: 0.05,
  },
  {
    name: 'HighLatency',
    severity: 'warning',
    summary: { fr: 'Une requête sur vingt dure plus de 500 ms', en: 'One request in twenty takes more than 500 ms' },
    kind: 'p95_ms',
    above: 500,
  },
  {
    name: 'ServiceDown',
    severity: 'critical',
    summary: { fr: 'Plus aucun signe de vie depuis 30 s', en: 'No sign of life for 30 s' },
    kind: 'silent_s',
    above: 30,
  },
]

/** What the console shows of particular services: panels of their metrics, annotations on time axes, and alert rules. */
export const viewsSchema = z.strictObject({
  panels: z.array(panel).default([]),
  annotations: z.array(annotation).default([]),
  rules: z.array(rule).default(z.array(rule).parse(defaultRules)),
})

export type Views = z.infer<typeof viewsSchema>
export type Panel = z.infer<typeof panel>
export type AnnotationKind = z.infer<typeof annotation>
export type Rule = z.infer<typeof rule>
