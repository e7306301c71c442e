/** Rates of arrivals over time. The number of users is not fixed: a slow shop does not reduce the rate. */

export const shapeNames = ['smoke', 'average', 'stress', 'spike', 'soak', 'breakpoint'] as const
export type ShapeName = (typeof shapeNames)[number]
export const isShape = (name: string): name is ShapeName => (shapeNames as readonly string[]).includes(name)

export interface Settings {
  shape: ShapeName
  url: string
  run: string
  /** `mixed`, or the only journey. */
  journey: string
  /** Journeys that start per second; by default the shape's. */
  rate: number | undefined
  durationS: number | undefined
  /** Mean seconds between two pages. */
  thinkS: number | undefined
  /** Replaces the objective's limit of the 95th percentile. */
  p95Ms: number | undefined
  /** Limit of the built-in engine's lag in milliseconds (99th percentile); 20 by default. */
  maxLagMs: number | undefined
}

interface Shape {
  question: string
  rate: number
  durationS: number
  thinkS: number
  /** Each stage takes a share of the time and ramps to a multiple of the rate. A breakpoint search has stairs instead. */
  stages: [share: number, multiple: number][]
}

export const shapes: Record<ShapeName, Shape> = {
  smoke: {
    question: 'Does it work at all?',
    rate: 2,
    durationS: 10,
    thinkS: 0.1,
    stages: [[1, 1]],
  },
  average: {
    question: 'Does it meet its objectives on a normal day?',
    rate: 5,
    durationS: 120,
    thinkS: 1,
    stages: [
      [0.1, 1],
      [0.8, 1],
      [0.1, 0],
    ],
  },
  stress: {
    question: 'Does it meet them with three times as many visitors?',
    rate: 5,
    durationS: 180,
    thinkS: 1,
    stages: [
      [0.1, 1],
      [0.2, 1],
      [0.1, 3],
      [0.5, 3],
      [0.1, 0],
    ],
  },
  spike: {
    question: 'Does it survive eight times as many visitors, and recover?',
    rate: 3,
    durationS: 90,
    thinkS: 1,
    stages: [
      [0.3, 1],
      [0.05, 8],
      [0.2, 8],
      [0.05, 1],
      [0.4, 1],
    ],
  },
  soak: {
    question: 'Does anything leak or fill up over time?',
    rate: 3,
    durationS: 1800,
    thinkS: 1,
    stages: [
      [0.02, 1],
      [0.96, 1],
      [0.02, 0],
    ],
  },
  breakpoint: {
    question: 'Which rate is too high?',
    rate: 60,
    durationS: 150,
    thinkS: 0.1,
    stages: [],
  },
}

/** One step of a breakpoint search, with a constant rate of journeys per second. */
export interface Stair {
  rate: number
  startS: number
  durationS: number
}

const stairCount = 10

/** The stairs of a breakpoint search: one tenth of the rate, two tenths, up to the whole. Empty for other shapes. */
export function stairsOf(settings: Settings): Stair[] {
  if (settings.shape !== 'breakpoint') return []
  const { rate, durationS } = withShapeDefaults(settings)
  const eachS = Math.max(4, Math.round(durationS / stairCount))
  const rates = Array.from({ length: stairCount }, (_none, index) => tenths((rate * (index + 1)) / stairCount))
  return rates.map((one, index) => ({ rate: one, startS: index * eachS, durationS: eachS }))
}

/** The given settings, completed by the shape's defaults. */
export function withShapeDefaults({ shape, rate, durationS, thinkS }: Settings) {
  const defaults = shapes[shape]
  return { rate: rate ?? defaults.rate, durationS: durationS ?? defaults.durationS, thinkS: thinkS ?? defaults.thinkS }
}

/** A run of the built-in engine with a larger lag is invalid. */
export const maxLagMs = (settings: Settings): number => settings.maxLagMs ?? 20

/** The highest rate of journeys per second. */
export function peakRate(settings: Settings): number {
  const multiples = shapes[settings.shape].stages.map(([_share, multiple]) => multiple)
  return withShapeDefaults(settings).rate * Math.max(1, ...multiples)
}

/** Upper bound of the number of journeys. */
export const maxJourneys = (settings: Settings): number =>
  Math.ceil(peakRate(settings) * withShapeDefaults(settings).durationS)

// Approximately.
const pagesPerJourney = 8
const journeyS = (settings: Settings): number => pagesPerJourney * withShapeDefaults(settings).thinkS + 1

/** Number of shoppers to sign in before the run: twice the expected number of concurrent journeys. */
export function shopperCount(settings: Settings, signedInShare: number): number {
  const concurrent = peakRate(settings) * signedInShare * journeyS(settings)
  return Math.min(300, Math.ceil(2 * concurrent))
}

/** The scenario name of a stair, without dots, which k6 does not accept. */
export const scenarioNameOf = (rate: number | string): string => `rate_${String(rate).replace('.', '_')}`

/** A scenario in the form of k6's executor, which the built-in engine reads too. */
export interface Scenario {
  executor: 'ramping-arrival-rate'
  /** Arrivals per `timeUnit`, like the stages' targets. */
  startRate: number
  timeUnit: '10s'
  preAllocatedVUs: number
  /** Limit of active journeys. */
  maxVUs: number
  stages: { duration: string; target: number }[]
  gracefulStop: string
  startTime?: string
  tags?: { rate: string }
  env?: { FIRST_SHOPPER: string }
}

/** The scenarios that an engine runs, by name. */
export function scenariosOf(settings: Settings): Record<string, Scenario> {
  const { rate, durationS } = withShapeDefaults(settings)
  const stairs = stairsOf(settings)
  if (stairs.length === 0)
    return { shop: scenario(settings, rate, stagesOf(settings, rate, durationS), peakRate(settings)) }
  return Object.fromEntries(
    stairs.map((stair, index) => [
      scenarioNameOf(stair.rate),
      {
        ...scenario(
          settings,
          stair.rate,
          [{ duration: `${stair.durationS}s`, target: per10s(stair.rate) }],
          stair.rate,
        ),
        startTime: `${stair.startS}s`,
        gracefulStop: '5s',
        tags: { rate: String(stair.rate) },
        // Journeys of the stair before are still active, so this one continues with the next shoppers.
        env: {
          FIRST_SHOPPER: String(
            Math.round(stairs.slice(0, index).reduce((sum, one) => sum + one.rate * one.durationS, 0)),
          ),
        },
      },
    ]),
  )
}

function scenario(settings: Settings, startRate: number, stages: Scenario['stages'], peak: number): Scenario {
  const expected = Math.ceil(peak * journeyS(settings))
  return {
    executor: 'ramping-arrival-rate',
    startRate: per10s(startRate),
    timeUnit: '10s',
    // Creating virtual users during the run takes CPU time that the shop needs.
    preAllocatedVUs: Math.min(200, expected * 3),
    maxVUs: Math.min(1000, expected * 3 + 10),
    stages,
    gracefulStop: '30s',
  }
}

function stagesOf({ shape }: Settings, rate: number, durationS: number) {
  return shapes[shape].stages.map(([share, multiple]) => ({
    duration: `${Math.max(1, Math.round(share * durationS))}s`,
    target: per10s(rate * multiple),
  }))
}

// k6 accepts only whole numbers.
const per10s = (rate: number): number => Math.round(rate * 10)
const tenths = (rate: number): number => Math.max(0.1, Math.round(rate * 10) / 10)
