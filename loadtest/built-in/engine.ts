import { type Journey, journeysOf, runJourney, signedInShare } from '../journeys/mix.ts'
import { type Scenario, type Settings, scenariosOf, shopperCount, withShapeDefaults } from '../shapes.ts'
import { signInShopper } from '../shoppers.ts'
import type { PageRequest, PageResponse, Script, Visitor } from '../visit.ts'
import { arrivalTimesMs, durationMs, parseSeconds } from './arrivals'
import type { Clock } from './clock'
import type { Observer, RequestSample } from './observer'
import { runOpenLoop } from './open-loop'
import { perform } from './perform'

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

/** The part of the run that a script belongs to. */
interface RunPart {
  phase: RequestSample['phase']
  scenario: string
  rate: string | undefined
  hasEnded: boolean
}

type PendingRequest = Pick<RequestSample, 'phase' | 'step' | 'scenario' | 'rate' | 'plannedMs' | 'startedMs'>

/**
 * Starts journeys at their planned times, whether the shop responds or not (an open model). A journey that can't start, because
 * the scenario's limit of active journeys is reached, is reported as dropped.
 */
export function createEngine({ settings, clock, send, observers }: EngineOptions) {
  const journeys = journeysOf(settings.journey)
  const { thinkS } = withShapeDefaults(settings)
  const pending = new Set<PendingRequest>()
  const over = new AbortController()
  const stopped = new Promise<void>((resolve) => over.signal.addEventListener('abort', () => resolve(), { once: true }))
  let activeJourneys = 0

  return {
    signInShoppers,
    run,
    /** Ends the run now, without counting the journeys that are active. */
    stop: () => over.abort(),
    activeJourneys: () => activeJourneys,
  }

  /** Signs in as many shoppers as the run needs, one after the other. @throws UnexpectedStatusError when the shop refuses one */
  async function signInShoppers(): Promise<Visitor[]> {
    const shoppers: Visitor[] = []
    const setUp: RunPart = { phase: 'set_up', scenario: '', rate: undefined, hasEnded: false }
    const count = shopperCount(settings, signedInShare(journeys))
    while (shoppers.length < count && !over.signal.aborted)
      shoppers.push(await performScript(signInShopper(shoppers.length), setUp, clock.nowMs()))
    return shoppers
  }

  /** Resolves when all journeys have ended, or were cut off. */
  async function run(shoppers: Visitor[]): Promise<void> {
    const startMs = clock.nowMs()
    const scenarios = Object.entries(scenariosOf(settings))
    await Promise.all(scenarios.map(([name, scenario]) => runScenario(name, scenario, shoppers, startMs)))
    over.abort()
  }

  async function runScenario(name: string, scenario: Scenario, shoppers: Visitor[], runStartMs: number): Promise<void> {
    const startMs = runStartMs + parseSeconds(scenario.startTime ?? '0s') * 1000
    const part: RunPart = { phase: 'load', scenario: name, rate: scenario.tags?.rate, hasEnded: false }
    const active = new Set<Promise<unknown>>()
    let turn = Number(scenario.env?.FIRST_SHOPPER ?? 0)
    await runOpenLoop({
      ...{ clock, active, maxActive: scenario.maxVUs, signal: over.signal },
      timesMs: arrivalTimesMs(scenario).map((ms) => startMs + ms),
      start: (plannedMs) => startJourney(turn++, shoppers, part, plannedMs),
      onLag: (ms) => report('lag', ms),
      onDropped: () => report('dropped', part.rate),
    })
    if (over.signal.aborted) return
    const endMs = startMs + durationMs(scenario)
    const cutOffMs = endMs + parseSeconds(scenario.gracefulStop) * 1000
    await Promise.race([allSettled(active, endMs), clock.sleepUntil(cutOffMs), stopped])
    part.hasEnded = true
    if (!over.signal.aborted) cutOff(name)
  }

  async function allSettled(active: Set<Promise<unknown>>, endMs: number): Promise<void> {
    await clock.sleepUntil(endMs)
    await Promise.all(active)
  }

  async function startJourney(turn: number, shoppers: Visitor[], part: RunPart, plannedMs: number): Promise<void> {
    const journey = journeys[turn % journeys.length] as Journey
    activeJourneys++
    try {
      const hasReachedEnd = await performScript(runJourney(journey, journeys, turn, shoppers), part, plannedMs)
      report('journey', { rate: part.rate, hasReachedEnd })
    } catch (error) {
      if (error instanceof CutOff) return
      report('journey', { rate: part.rate, hasReachedEnd: false })
      report('failure', error as Error)
    } finally {
      activeJourneys--
    }
  }

  /** @param arrivalMs planned start of the first request; the next ones are planned for the end of the response or pause before */
  function performScript<T>(script: Script<T>, part: RunPart, arrivalMs: number): Promise<T> {
    let plannedMs = arrivalMs
    return perform(script, {
      async request(request) {
        const response = await sendRequest(request, part, plannedMs)
        plannedMs = clock.nowMs()
        return response
      },
      async pause() {
        plannedMs = await pause(part)
      },
    })
  }

  /** Lasts half of the mean to one and a half. Resolves with its planned end. */
  async function pause(part: RunPart): Promise<number> {
    const plannedMs = clock.nowMs() + thinkS * 1000 * (0.5 + Math.random())
    if (thinkS === 0) return plannedMs
    await clock.sleepUntil(plannedMs)
    if (over.signal.aborted || part.hasEnded) throw new CutOff()
    report('lag', clock.nowMs() - plannedMs)
    return plannedMs
  }

  async function sendRequest(request: PageRequest, { phase, scenario, rate }: RunPart, plannedMs: number) {
    const { step, expectedStatus } = request
    const sample: PendingRequest = { phase, step, scenario, rate, plannedMs, startedMs: clock.nowMs() }
    pending.add(sample)
    const response = await send(request)
    if (!pending.delete(sample) || over.signal.aborted) throw new CutOff()
    const { status, traceId, error } = response
    const hasExpectedStatus = status === expectedStatus
    report('request', { ...sample, endedMs: clock.nowMs(), status, hasExpectedStatus, traceId, error })
    return response
  }

  /** Counts requests that are still pending as failed: otherwise a shop that never responds looks like one without requests. */
  function cutOff(scenario: string): void {
    for (const sample of pending) {
      if (sample.scenario !== scenario) continue
      pending.delete(sample)
      const error = 'no response when the run ended'
      report('request', { ...sample, endedMs: clock.nowMs(), status: 0, hasExpectedStatus: false, traceId: '', error })
      report('journey', { rate: sample.rate, hasReachedEnd: false })
    }
  }

  function report<K extends keyof Observer>(kind: K, event: Parameters<NonNullable<Observer[K]>>[0]): void {
    for (const observer of observers) (observer[kind] as ((value: typeof event) => void) | undefined)?.(event)
  }
}

/** Ends a script whose request or pause outlives the run. */
class CutOff extends Error {}
