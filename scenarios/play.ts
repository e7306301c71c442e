import { decimal, t } from '../src/typography'
import { emitEvent } from '../stack/announce'
import { activeAlerts, isThat, observe, toldAlerts, type Watched } from './alert-watch'
import { untilCalm } from './calm'
import type { Scenario } from './contract'
import { type Evidence, lacking, lookFor } from './evidence'
import { progress } from './progress'
import { firingOf, isNamed, isRead, read, readingsOf, readWithinS } from './reading'
import type { Course } from './verdict'
import type { World } from './world'

export interface PlayOptions {
  say: (line: string) => void
  /** Does not say what it breaks, and puts back when this has resolved. */
  guess?: (() => Promise<string>) | undefined
}

const everyMs = 700
/** How long is looked on after the time is over, to say by how much it was missed. */
const graceS = 15

/** Breaks, looks until all is seen or the time is over, puts back, looks until it is over, and counts. */
export async function play(scenario: Scenario, world: World, { say, guess }: PlayOptions): Promise<Course> {
  const { places, load } = world
  const expected = scenario.alerts.filter(({ shrunk }) => !shrunk || places.shrink > 1)
  const watched: Watched[] = expected.map((alert) => ({ expected: alert }))
  const evidence: Evidence = {}
  const readings = readingsOf(expected, world)
  const besides = new Set<string>()
  const errors: string[] = []
  // What is waited for would say what is broken.
  const sayOpenly = guess ? () => {} : say
  const show = progress(sayOpenly)

  await untilCalm(scenario, world, sayOpenly)
  await attempt(async () => scenario.prepare?.(world))
  const before = load.experience()
  const onsetMs = Date.now()
  let endMs: number | undefined
  let answer: string | undefined
  tell('scenario.started')
  say(guess ? 'une panne est en cours' : t`panne : ${scenario.title}`)
  await attempt(async () => {
    await scenario.inject(world)
    if (guess) await Promise.race([guess().then((text) => (answer = text)), watching(() => answer !== undefined)])
    else await watching(() => isEnough(sinceS(onsetMs)))
  })
  await attempt(async () => scenario.putBack?.(world))
  await attempt(world.heal)
  endMs = Date.now()
  tell('scenario.ended')
  say(guess ? t`c’était ${scenario.name} : ${scenario.title}, pendant ${minutes(endMs - onsetMs)}` : 'remise en état')
  const after = load.experience()
  await watching(() => isOver(sinceS(endMs ?? 0)))
  const books = await attempt(world.audit)
  const experience = { requests: after.requests - before.requests, failed: after.failed - before.failed }
  return {
    scenario,
    onsetMs,
    endMs,
    watched,
    evidence,
    readings,
    experience,
    books,
    answer,
    errors,
    besides: [...besides].toSorted(),
  }

  async function watching(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      const afterwardsMs = scenario.foundAfterwards ? endMs : undefined
      await Promise.all([
        watch(),
        lookFor(scenario, places, onsetMs, evidence),
        ...(endMs === undefined || afterwardsMs ? [read(readings, watched, places, afterwardsMs)] : []),
      ])
      show({ onsetMs, watched, evidence, readings })
      await Bun.sleep(everyMs)
    }
  }

  // A server that is away is asked again the next time.
  async function watch(): Promise<void> {
    const looks = [activeAlerts(places.prometheus), toldAlerts(places.receiver)] as const
    const [active, told] = await Promise.all(looks).catch(() => [])
    if (!active || !told) return
    const sight = { active, told, nowMs: Date.now(), onsetMs, endMs }
    for (const one of watched) observe(one, sight)
    for (const { labels, state } of active)
      if (state === 'firing' && !expected.some((alert) => isThat(alert, labels)))
        besides.add([labels.alertname, labels.service_name ?? labels.exporter].filter(Boolean).join(' '))
  }

  function isEnough(lastedS: number): boolean {
    const { lastsS = 0, foundAfterwards = false } = scenario
    const isFound = foundAfterwards || lacking(scenario, evidence).length === 0
    const areTold = watched.every(
      ({ expected: { told = true }, firingMs, toldMs }) => firingMs !== undefined && (!told || toldMs !== undefined),
    )
    const areRead = readings.every(foundAfterwards ? isNamed : isRead)
    if (isFound && areTold && areRead) return lastedS >= lastsS
    const toFireS = Math.max(lastsS, ...expected.map(({ withinS }) => withinS)) + graceS
    const toBeReadS = readings
      .filter((one) => !isRead(one))
      .map((one) => ((firingOf(one, watched) ?? 0) - onsetMs) / 1000 + readWithinS)
    return lastedS > Math.max(toFireS, ...toBeReadS)
  }

  function isOver(elapsedS: number): boolean {
    const burning = watched.filter(
      ({ expected: { clearedWithinS }, firingMs, clearedMs }) =>
        clearedWithinS !== false && firingMs !== undefined && clearedMs === undefined,
    )
    const isFound = lacking(scenario, evidence).length === 0 || elapsedS > 2 * graceS
    const areRead = !scenario.foundAfterwards || readings.every(isRead) || elapsedS > readWithinS
    if (burning.length === 0 && isFound && areRead) return true
    return elapsedS > Math.max(0, ...expected.map(({ clearedWithinS = 120 }) => clearedWithinS || 0)) + graceS
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
    const announcement = { service: 'scenarios', event, body, attributes: { 'scenario.name': name } }
    emitEvent(places.collector, announcement).catch(() => undefined)
  }
}

const sinceS = (ms: number) => (Date.now() - ms) / 1000
const minutes = (ms: number) => `${decimal(ms / 60_000)}\u00a0min`
