import { type Journey, journeysOf, runJourney, signedInShare } from '../journeys/mix.ts'
import { type Scenario, type Settings, scenariosOf, shopperCount, withShapeDefaults } from '../shapes.ts'
import { signInShopper } from '../shoppers.ts'
import { type PageRequest, type PageResponse, type Script, think, type Visitor } from '../visit.ts'
import { arrivalTimesMs, durationMs, parseSeconds } from './arrivals'
import type { Clock } from './clock'
import type { Observer, RequestSample } from './observer'

export interface BrowserResponse extends PageResponse {
  traceId: string
  /** Why there was no response; its status is 0 then. */
  error: string
}

/** Sends a request of a browser, and stores its cookies in the visitor. Never throws. */
export type Send = (request: PageRequest) => Promise<BrowserResponse>

export interface EngineOptions {
  settings: Settings
  clock: Clock
  send: Send
  observers: Observer[]
}

/** Where a script runs. */
interface Course {
  phase: RequestSample['phase']
  scenario: string
  rate: string | undefined
  hasEnded: boolean
}

type Waiting = Pick<RequestSample, 'phase' | 'step' | 'scenario' | 'rate' | 'plannedMs' | 'startedMs'>

/**
 * Makes journeys begin when they are planned to, whether the shop responds or not (an open model). A journey that can't begin,
 * because as many are on the way as the scenario permits, is reported as dropped.
 */
export function createEngine({ settings, clock, send, observers }: EngineOptions) {
  const journeys = journeysOf(settings.journey)
  const { thinkS } = withShapeDefaults(settings)
  const waiting = new Set<Waiting>()
  let onTheWay = 0
  let isOver = false
  let stop = () => {}
  const stopped = new Promise<void>((resolve) => {
    stop = () => {
      isOver = true
      resolve()
    }
  })

  return {
    signInShoppers,
    run,
    /** Ends the run now; what is on the way is left out. */
    stop,
    activeJourneys: () => onTheWay,
  }

  /** Signs in as many shoppers as are on the way at a time, one after the other. @throws Lost when the shop refuses one */
  async function signInShoppers(): Promise<Visitor[]> {
    const shoppers: Visitor[] = []
    const course: Course = { phase: 'set_up', scenario: '', rate: undefined, hasEnded: false }
    const count = shopperCount(settings, signedInShare(journeys))
    while (shoppers.length < count && !isOver)
      shoppers.push(await perform(signInShopper(shoppers.length), course, clock.nowMs()))
    return shoppers
  }

  /** Resolves when all journeys have ended, or were cut off. */
  async function run(shoppers: Visitor[]): Promise<void> {
    const startMs = clock.nowMs()
    const scenarios = Object.entries(scenariosOf(settings))
    await Promise.all(scenarios.map(([name, scenario]) => runScenario(name, scenario, shoppers, startMs)))
    isOver = true
  }

  async function runScenario(name: string, scenario: Scenario, shoppers: Visitor[], runStartMs: number): Promise<void> {
    const startMs = runStartMs + parseSeconds(scenario.startTime ?? '0s') * 1000
    const course: Course = { phase: 'load', scenario: name, rate: scenario.tags?.rate, hasEnded: false }
    const mine = new Set<Promise<void>>()
    let turn = Number(scenario.env?.FIRST_SHOPPER ?? 0)
    for (const atMs of arrivalTimesMs(scenario)) {
      const plannedMs = startMs + atMs
      if (clock.nowMs() < plannedMs) await Promise.race([clock.sleepUntil(plannedMs), stopped])
      if (isOver) return
      report('lag', clock.nowMs() - plannedMs)
      if (mine.size >= scenario.maxVUs) report('dropped', course.rate)
      else {
        const journey = begin(turn++, shoppers, course, plannedMs).finally(() => mine.delete(journey))
        mine.add(journey)
      }
    }
    const endMs = startMs + durationMs(scenario)
    const cutOffMs = endMs + parseSeconds(scenario.gracefulStop) * 1000
    await Promise.race([allOf(mine, endMs), clock.sleepUntil(cutOffMs), stopped])
    course.hasEnded = true
    if (!isOver) cutOff(name)
  }

  async function allOf(journeysOnTheWay: Set<Promise<void>>, endMs: number): Promise<void> {
    await clock.sleepUntil(endMs)
    await Promise.all(journeysOnTheWay)
  }

  async function begin(turn: number, shoppers: Visitor[], course: Course, plannedMs: number): Promise<void> {
    const journey = journeys[turn % journeys.length] as Journey
    onTheWay++
    try {
      const hasReachedEnd = await perform(runJourney(journey, journeys, turn, shoppers), course, plannedMs)
      report('journey', { rate: course.rate, hasReachedEnd })
    } catch (error) {
      if (error instanceof CutOff) return
      report('journey', { rate: course.rate, hasReachedEnd: false })
      report('failure', error as Error)
    } finally {
      onTheWay--
    }
  }

  async function perform<T>(script: Script<T>, course: Course, arrivalMs: number): Promise<T> {
    let plannedMs = arrivalMs
    let next = script.next()
    while (!next.done) {
      if (next.value === think) {
        plannedMs = await pause(course)
        next = script.next()
      } else {
        next = script.next(await request(next.value, course, plannedMs))
        plannedMs = clock.nowMs()
      }
    }
    return next.value
  }

  /** Half of the mean to one and a half. Resolves with when it was planned to end. */
  async function pause(course: Course): Promise<number> {
    const plannedMs = clock.nowMs() + thinkS * 1000 * (0.5 + Math.random())
    if (thinkS === 0) return plannedMs
    await clock.sleepUntil(plannedMs)
    if (isOver || course.hasEnded) throw new CutOff()
    report('lag', clock.nowMs() - plannedMs)
    return plannedMs
  }

  async function request(request: PageRequest, { phase, scenario, rate }: Course, plannedMs: number) {
    const { step, expectedStatus } = request
    const sample: Waiting = { phase, step, scenario, rate, plannedMs, startedMs: clock.nowMs() }
    waiting.add(sample)
    const response = await send(request)
    if (!waiting.delete(sample) || isOver) throw new CutOff()
    const { status, traceId, error } = response
    report('request', {
      ...sample,
      endedMs: clock.nowMs(),
      status,
      hasExpectedStatus: status === expectedStatus,
      traceId,
      error,
    })
    return response
  }

  /** A shop that never responds must not look like one without requests: what still waits has failed. */
  function cutOff(scenario: string): void {
    for (const sample of waiting) {
      if (sample.scenario !== scenario) continue
      waiting.delete(sample)
      const error = 'no response when the run ended'
      report('request', { ...sample, endedMs: clock.nowMs(), status: 0, hasExpectedStatus: false, traceId: '', error })
      report('journey', { rate: sample.rate, hasReachedEnd: false })
    }
  }

  function report<K extends keyof Observer>(kind: K, what: Parameters<NonNullable<Observer[K]>>[0]): void {
    for (const observer of observers) (observer[kind] as ((value: typeof what) => void) | undefined)?.(what)
  }
}

/** Ends a script whose request or pause outlives the run. */
class CutOff extends Error {}
