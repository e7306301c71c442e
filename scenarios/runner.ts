import { emitEvent } from '../stack/emit-event'
import { fetchActiveAlerts, fetchNotifications, matchesAlert, observe, type WatchedAlert } from './alert-watch'
import type { ScenarioContext } from './context'
import type { Scenario } from './contract'
import { collectEvidence, type Evidence, missingEvidence } from './evidence'
import { waitForPreconditions } from './preconditions'
import { createProgressPrinter } from './report/timeline'
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
  /** Runs the scenario blind: its name is not printed, and the fault is reverted when this has resolved. */
  guess?: (() => Promise<string>) | undefined
}

const pollIntervalMs = 700
/** Observation continues after a deadline, to measure by how much it was missed. */
const graceS = 15

/** Injects the fault, observes until all evidence is found or a deadline has passed, reverts, observes the recovery, and audits. */
export async function runScenario(
  scenario: Scenario,
  context: ScenarioContext,
  { print, guess }: RunScenarioOptions,
): Promise<ScenarioRun> {
  const { endpoints, load } = context
  const expected = scenario.alerts.filter(({ requiresShrink }) => !requiresShrink || endpoints.shrink > 1)
  const watched: WatchedAlert[] = expected.map((alert) => ({ expected: alert }))
  const evidence: Evidence = {}
  const runbookChecks = runbookChecksOf(expected, context)
  const otherAlerts = new Set<string>()
  const errors: string[] = []
  // In a blind run the progress would reveal the fault.
  const printProgress = guess ? () => {} : print
  const printTimeline = createProgressPrinter(printProgress)

  await waitForPreconditions(scenario, context, printProgress)
  await recordError(async () => scenario.prepare?.(context))
  const countsBefore = load.requestCounts()
  const onsetMs = Date.now()
  let endMs: number | undefined
  let guessed: string | undefined
  announce('scenario.started')
  print(guess ? 'a fault is active' : `fault: ${scenario.title}`)
  await recordError(async () => {
    await scenario.inject(context)
    if (guess) await Promise.race([guess().then((text) => (guessed = text)), observeUntil(() => guessed !== undefined)])
    else await observeUntil(() => isFaultObserved(secondsSince(onsetMs)))
  })
  await recordError(async () => scenario.revert?.(context))
  await recordError(context.revertAll)
  endMs = Date.now()
  announce('scenario.ended')
  const minutes = ((endMs - onsetMs) / 60_000).toFixed(1)
  print(guess ? `it was ${scenario.name}: ${scenario.title}, for ${minutes} min` : 'reverted')
  const countsAfter = load.requestCounts()
  await observeUntil(() => isRecoveryObserved(secondsSince(endMs ?? 0)))
  const audit = await recordError(context.audit)
  return {
    scenario,
    onsetMs,
    endMs,
    watched,
    evidence,
    runbookChecks,
    shopperRequests: {
      requests: countsAfter.requests - countsBefore.requests,
      failed: countsAfter.failed - countsBefore.failed,
    },
    audit,
    guess: guessed,
    errors,
    otherAlerts: [...otherAlerts].toSorted(),
  }

  async function observeUntil(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      const revertedMs = scenario.evidenceAfterRevert ? endMs : undefined
      await Promise.all([
        observeAlerts(),
        collectEvidence(scenario, endpoints, onsetMs, evidence),
        ...(endMs === undefined || revertedMs ? [checkRunbooks(runbookChecks, watched, endpoints, revertedMs)] : []),
      ])
      printTimeline({ onsetMs, watched, evidence, runbookChecks })
      await Bun.sleep(pollIntervalMs)
    }
  }

  // Ignores a server that is down: the next poll tries again.
  async function observeAlerts(): Promise<void> {
    const requests = [fetchActiveAlerts(endpoints.prometheus), fetchNotifications(endpoints.alertReceiver)] as const
    const [active, notifications] = await Promise.all(requests).catch(() => [])
    if (!active || !notifications) return
    const observation = { active, notifications, nowMs: Date.now(), onsetMs, endMs }
    for (const one of watched) observe(one, observation)
    for (const { labels, state } of active)
      if (state === 'firing' && !expected.some((alert) => matchesAlert(alert, labels)))
        otherAlerts.add([labels.alertname, labels.service_name ?? labels.exporter].filter(Boolean).join(' '))
  }

  /** Whether all evidence of the fault is found, or its deadlines have passed. */
  function isFaultObserved(elapsedS: number): boolean {
    const { minDurationS = 0, evidenceAfterRevert = false } = scenario
    const isEvidenceFound = evidenceAfterRevert || missingEvidence(scenario, evidence).length === 0
    const areNotified = watched.every(
      ({ expected: { notified = true }, firingMs, notifiedMs }) =>
        firingMs !== undefined && (!notified || notifiedMs !== undefined),
    )
    const areRunbooksChecked = runbookChecks.every(evidenceAfterRevert ? isCauseNamed : isRunbookComplete)
    if (isEvidenceFound && areNotified && areRunbooksChecked) return elapsedS >= minDurationS
    const firingDeadlineS = Math.max(minDurationS, ...expected.map(({ firingWithinS }) => firingWithinS)) + graceS
    const runbookDeadlinesS = runbookChecks
      .filter((check) => !isRunbookComplete(check))
      .map((check) => ((firingMsOf(check, watched) ?? 0) - onsetMs) / 1000 + runbookDeadlineS)
    return elapsedS > Math.max(firingDeadlineS, ...runbookDeadlinesS)
  }

  /** Whether all alerts are resolved and late evidence is found, or their deadlines have passed. */
  function isRecoveryObserved(elapsedS: number): boolean {
    const unresolved = watched.filter(
      ({ expected: { resolvedWithinS }, firingMs, resolvedMs }) =>
        resolvedWithinS !== false && firingMs !== undefined && resolvedMs === undefined,
    )
    const isEvidenceFound = missingEvidence(scenario, evidence).length === 0 || elapsedS > 2 * graceS
    const areRunbooksChecked =
      !scenario.evidenceAfterRevert || runbookChecks.every(isRunbookComplete) || elapsedS > runbookDeadlineS
    if (unresolved.length === 0 && isEvidenceFound && areRunbooksChecked) return true
    return elapsedS > Math.max(0, ...expected.map(({ resolvedWithinS = 120 }) => resolvedWithinS || 0)) + graceS
  }

  async function recordError<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      errors.push((error as Error).message)
      return undefined
    }
  }

  // Dashboards draw it as an annotation. A scenario also runs without a collector.
  function announce(eventName: string): void {
    const name = guess ? 'blind' : scenario.name
    const body = guess ? 'an unknown fault' : scenario.title
    const event = { service: 'scenarios', eventName, body, attributes: { 'scenario.name': name } }
    emitEvent(endpoints.collector, event).catch(() => undefined)
  }
}

const secondsSince = (ms: number) => (Date.now() - ms) / 1000
