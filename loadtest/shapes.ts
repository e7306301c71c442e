/** How many shoppers come when. Arrivals, not users: a slow shop does not slow down those who come. */

export const shapeNames = ['smoke', 'average', 'stress', 'spike', 'soak', 'breakpoint'] as const
export type ShapeName = (typeof shapeNames)[number]
export const isShape = (name: string): name is ShapeName => (shapeNames as readonly string[]).includes(name)

export interface Settings {
  shape: ShapeName
  url: string
  run: string
  /** `mixed`, or the one that all make. */
  journey: string
  /** Journeys that begin in a second; the shape's own where it is not given. */
  rate: number | undefined
  durationS: number | undefined
  /** Seconds between two pages, on average. */
  thinkS: number | undefined
  /** Another bound of the 95th percentile than the objective's. */
  p95Ms: number | undefined
  /** Milliseconds by which the built-in engine itself may be late, in 99 of 100 times; 20 where it is not given. */
  maxLagMs: number | undefined
}

interface Shape {
  question: string
  rate: number
  durationS: number
  thinkS: number
  /** Each a share of the time, in which the rate goes to this multiple of itself. A breakpoint search has stairs instead. */
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
    question: 'Does it keep its promises on a usual day?',
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
    question: 'And with three times as many?',
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
    question: 'What if everybody comes at once, and does it recover?',
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
    question: 'How many are too many?',
    rate: 60,
    durationS: 150,
    thinkS: 0.1,
    stages: [],
  },
}

/** One step of a breakpoint search: journeys that begin in a second, and when. */
export interface Stair {
  rate: number
  startS: number
  durationS: number
}

const stairCount = 10

/** A tenth of the rate, two tenths, … the whole. None but in a breakpoint search. */
export function stairsOf(settings: Settings): Stair[] {
  if (settings.shape !== 'breakpoint') return []
  const { rate, durationS } = withShapeDefaults(settings)
  const eachS = Math.max(4, Math.round(durationS / stairCount))
  const rates = Array.from({ length: stairCount }, (_none, index) => tenths((rate * (index + 1)) / stairCount))
  return rates.map((one, index) => ({ rate: one, startS: index * eachS, durationS: eachS }))
}

/** The settings with the shape's own where none are given. */
export function withShapeDefaults({ shape, rate, durationS, thinkS }: Settings) {
  const own = shapes[shape]
  return { rate: rate ?? own.rate, durationS: durationS ?? own.durationS, thinkS: thinkS ?? own.thinkS }
}

/** Above this a run of the built-in engine is invalid. */
export const maxLagMs = (settings: Settings): number => settings.maxLagMs ?? 20

/** Journeys in a second when most come. */
export function peakRate(settings: Settings): number {
  const multiples = shapes[settings.shape].stages.map(([_share, multiple]) => multiple)
  return withShapeDefaults(settings).rate * Math.max(1, ...multiples)
}

/** Journeys that begin in all, at most. */
export const maxJourneys = (settings: Settings): number =>
  Math.ceil(peakRate(settings) * withShapeDefaults(settings).durationS)

// A journey has about eight pages.
const pagesOfAJourney = 8
const journeyS = (settings: Settings): number => pagesOfAJourney * withShapeDefaults(settings).thinkS + 1

/** Shoppers who are signed in before it begins: twice as many as should be on the way at a time. */
export function shopperCount(settings: Settings, signedInShare: number): number {
  const onTheWay = peakRate(settings) * signedInShare * journeyS(settings)
  return Math.min(300, Math.ceil(2 * onTheWay))
}

/** Name of the scenario of a stair; k6 takes no dots in it. */
export const scenarioNameOf = (rate: number | string): string => `rate_${String(rate).replace('.', '_')}`

/** When journeys begin, in the form of k6's executor; the built-in engine reads the same. */
export interface Scenario {
  executor: 'ramping-arrival-rate'
  /** Arrivals per `timeUnit`, as the targets of the stages. */
  startRate: number
  timeUnit: '10s'
  preAllocatedVUs: number
  /** Journeys that may be on the way at a time. */
  maxVUs: number
  stages: { duration: string; target: number }[]
  gracefulStop: string
  startTime?: string
  tags?: { rate: string }
  env?: { FIRST_SHOPPER: string }
}

/** What an engine runs. */
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
        // Those of the stair before are still on the way: go on with the next shoppers.
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
  const usual = Math.ceil(peak * journeyS(settings))
  return {
    executor: 'ramping-arrival-rate',
    startRate: per10s(startRate),
    timeUnit: '10s',
    // To make one while all wait costs the processor that the shop needs.
    preAllocatedVUs: Math.min(200, usual * 3),
    maxVUs: Math.min(1000, usual * 3 + 10),
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

// k6 takes whole numbers only.
const per10s = (rate: number): number => Math.round(rate * 10)
const tenths = (rate: number): number => Math.max(0.1, Math.round(rate * 10) / 10)
