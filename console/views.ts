import { z } from 'zod'

const words = z.object({ fr: z.string(), en: z.string() })
const labels = z.record(z.string(), z.string()).default({})

const panel = z.discriminatedUnion('kind', [
  /** How much a counter goes up in a minute. */
  z.object({ kind: z.literal('per_minute'), title: words, metric: z.string(), labels }),
  /** How much one counter went up, of what another did. */
  z.object({ kind: z.literal('share'), title: words, metric: z.string(), labels, of: z.string() }),
  /** The mean of a distribution, in a unit to show. */
  z.object({ kind: z.literal('mean'), title: words, metric: z.string(), labels, unit: z.string().default('') }),
])

const rule = z.object({
  name: z.string(),
  severity: z.enum(['critical', 'warning', 'info']),
  summary: words,
  /** Share of requests answered 5xx; 95th percentile in ms; seconds without a sign of life. */
  kind: z.enum(['error_share', 'p95_ms', 'silent_s']),
  above: z.number().positive(),
  /** The programs that are judged; without it, all that are heard of, also those that run for a while and end. */
  services: z.array(z.string()).optional(),
  windowS: z.number().int().positive().default(60),
  /** Fewer requests than that say nothing. */
  leastRequests: z.number().int().nonnegative().default(20),
})

/** An event that belongs to no request and explains a bend in a curve: a line, or with an end a stretch, on every time axis. */
const mark = z.object({
  title: words,
  /** Name of the event. Another of the same `by` ends the one before. */
  begins: z.string(),
  /** Name of the event with which it is over; without one and without `over` it is a moment. */
  ends: z.string().optional(),
  /** What an event that `begins` says when it is rather the end. */
  over: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** The attribute that tells those apart which go on at the same time. */
  by: z.string().optional(),
  /** The attribute that people read; the body without it. */
  label: z.string().optional(),
  /** A colour of the style. */
  color: z.enum(['bad', 'warn', 'accent', 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7']).default('c3'),
})

const usualRules: z.input<typeof rule>[] = [
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

/** What a program wants to see of itself: panels of its own numbers, marks on time axes, and rules for alerts. */
export const viewsSchema = z.object({
  panels: z.array(panel).default([]),
  marks: z.array(mark).default([]),
  rules: z.array(rule).default(z.array(rule).parse(usualRules)),
})

export type Views = z.infer<typeof viewsSchema>
export type Panel = z.infer<typeof panel>
export type AnnotationKind = z.infer<typeof mark>
export type Rule = z.infer<typeof rule>
