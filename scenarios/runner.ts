import { decimal, t } from '../src/typography'
import { emitEvent } from '../stack/emit-event'
import { fetchActiveAlerts, fetchNotifications, matchesAlert, observe, type WatchedAlert } from './alert-watch'
import type { ScenarioContext } from './context'
import type { Scenario } from './contract'
import { collectEvidence, type Evidence, missingEvidence } from './evidence'
import { waitForPreconditions } from './preconditions'
import { createProgressPrinter } from './report/progress'
import {
  checkRunbooks,
  firingMsOf,
  isCauseNamed,
  isRunbookComplete,
  runbookChecksOf,
  runbookDeadlineS,
} from './runbook-check'
import type { ScenarioRun } from './verdict'

export interface RunScenarioOptions {
  print: (line: string) => void
  /** Does not say what it breaks, and puts back when this has resolved. */
  guess?: (() => Promise<string>) | undefined
}

const everyMs = 700
/** How long is looked on after the time is over, to say by how much it was missed. */
const graceS = 15

/** Breaks, looks until all is seen or the time is over, puts back, looks until it is over, and counts. */
export async function runScenario(
  scenario: Scenario,
  world: ScenarioContext,
  { print, guess }: RunScenarioOptions,
): Promise<ScenarioRun> {
  const { endpoints, load } = world
  const expected = scenario.alerts.filter(({ requiresShrink }) => !requiresShrink || endpoints.shrink > 1)
  const watched: WatchedAlert[] = expected.map((alert) => ({ expected: alert }))
  const evidence: Evidence = {}
  const runbookChecks = runbookChecksOf(expected, world)
  const otherAlerts = new Set<string>()
  const errors: string[] = []
  // What is waited for would say what is broken.
  const sayOpenly = guess ? () => {} : print
  const show = createProgressPrinter(sayOpenly)

  await waitForPreconditions(scenario, world, sayOpenly)
  await attempt(async () => scenario.prepare?.(world))
  const before = load.experience()
  const onsetMs = Date.now()
  let endMs: number | undefined
  let answer: string | undefined
  tell('scenario.started')
  print(guess ? 'une panne est en cours' : t`panne : ${scenario.title}`)
  await attempt(async () => {
    await scenario.inject(world)
    if (guess) await Promise.race([guess().then((text) => (answer = text)), watching(() => answer !== undefined)])
    else await watching(() => isEnough(sinceS(onsetMs)))
  })
  await attempt(async () => scenario.revert?.(world))
  await attempt(world.revertAll)
  endMs = Date.now()
  tell('scenario.ended')
  print(guess ? t`c’était ${scenario.name} : ${scenario.title}, pendant ${minutes(endMs - onsetMs)}` : 'remise en état')
  const after = load.experience()
  await watching(() => isOver(sinceS(endMs ?? 0)))
  const audit = await attempt(world.audit)
  const shopperRequests = { requests: after.requests - before.requests, failed: after.failed - before.failed }
  return {
    scenario,
    onsetMs,
    endMs,
    watched,
    evidence,
    runbookChecks,
    shopperRequests,
    audit,
    guess: answer,
    errors,
    otherAlerts: [...otherAlerts].toSorted(),
  }

  async function watching(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      const afterwardsMs = scenario.evidenceAfterRevert ? endMs : undefined
      await Promise.all([
        watch(),
        collectEvidence(scenario, endpoints, onsetMs, evidence),
        ...(endMs === undefined || afterwardsMs
          ? [checkRunbooks(runbookChecks, watched, endpoints, afterwardsMs)]
          : []),
      ])
      show({ onsetMs, watched, evidence, runbookChecks })
      await Bun.sleep(everyMs)
    }
  }

  // A server that is away is asked again the next time.
  async function watch(): Promise<void> {
    const looks = [fetchActiveAlerts(endpoints.prometheus), fetchNotifications(endpoints.receiver)] as const
    const [active, notifications] = await Promise.all(looks).catch(() => [])
    if (!active || !notifications) return
    const observation = { active, notifications, nowMs: Date.now(), onsetMs, endMs }
    for (const one of watched) observe(one, observation)
    for (const { labels, state } of active)
      if (state === 'firing' && !expected.some((alert) => matchesAlert(alert, labels)))
        otherAlerts.add([labels.alertname, labels.service_name ?? labels.exporter].filter(Boolean).join(' '))
  }

  function isEnough(lastedS: number): boolean {
    const { minDurationS = 0, evidenceAfterRevert = false } = scenario
    const isFound = evidenceAfterRevert || missingEvidence(scenario, evidence).length === 0
    const areNotified = watched.every(
      ({ expected: { notified = true }, firingMs, notifiedMs }) =>
        firingMs !== undefined && (!notified || notifiedMs !== undefined),
    )
    const areRead = runbookChecks.every(evidenceAfterRevert ? isCauseNamed : isRunbookComplete)
    if (isFound && areNotified && areRead) return lastedS >= minDurationS
    const toFireS = Math.max(minDurationS, ...expected.map(({ firingWithinS }) => firingWithinS)) + graceS
    const toBeReadS = runbookChecks
      .filter((one) => !isRunbookComplete(one))
      .map((one) => ((firingMsOf(one, watched) ?? 0) - onsetMs) / 1000 + runbookDeadlineS)
    return lastedS > Math.max(toFireS, ...toBeReadS)
  }

  function isOver(elapsedS: number): boolean {
    const burning = watched.filter(
      ({ expected: { resolvedWithinS }, firingMs, resolvedMs }) =>
        resolvedWithinS !== false && firingMs !== undefined && resolvedMs === undefined,
    )
    const isFound = missingEvidence(scenario, evidence).length === 0 || elapsedS > 2 * graceS
    const areRead =
      !scenario.evidenceAfterRevert || runbookChecks.every(isRunbookComplete) || elapsedS > runbookDeadlineS
    if (burning.length === 0 && isFound && areRead) return true
    return elapsedS > Math.max(0, ...expected.map(({ resolvedWithinS = 120 }) => resolvedWithinS || 0)) + graceS
  }

  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      errors.push((error as Error).message)
      return undefined
    }
  }

  // Drawn in Grafana. Without a collector nobody hears it, which is no failure.
  function tell(event: string): void {
    const name = guess ? 'blind' : scenario.name
    const body = guess ? 'panne à deviner' : scenario.title
    const announcement = { service: 'scenarios', eventName: event, body, attributes: { 'scenario.name': name } }
    emitEvent(endpoints.collector, announcement).catch(() => undefined)
  }
}

const sinceS = (ms: number) => (Date.now() - ms) / 1000
const minutes = (ms: number) => `${decimal(ms / 60_000)}\u00a0min`
