import { announce } from '../observability/announce'
import { activeAlerts, isThat, observe, type Sight, toldAlerts, type Watched } from './alert-watch'
import type { Scenario } from './contract'
import { type Evidence, lacking, lookFor } from './evidence'
import type { Course } from './verdict'
import type { World } from './world'

export interface PlayOptions {
  say: (line: string) => void
  /** Keeps the name out of what is announced, and waits for this before it puts back. */
  blind?: Promise<unknown> | undefined
}

const calmWithinS = 240
const everyMs = 700

/** Breaks, looks until all is seen or the time is over, puts back, looks until it is over, and counts. Never throws. */
export async function play(scenario: Scenario, world: World, { say, blind }: PlayOptions): Promise<Course> {
  const { places, load } = world
  const expected = scenario.alerts.filter(({ shrunk }) => !shrunk || places.shrink > 1)
  const watched: Watched[] = expected.map((alert) => ({ expected: alert }))
  const evidence: Evidence = {}
  const besides = new Set<string>()
  const said = new Set<string>()
  let error: string | undefined
  await untilCalm(scenario, world, say)

  const before = load.experience()
  const onsetMs = Date.now()
  let endMs = onsetMs
  try {
    tell('scenario.started')
    say(blind ? 'une panne est en cours' : `panne : ${scenario.title}`)
    await scenario.inject(world)
    const patienceS = Math.max(...expected.map(({ withinS }) => withinS), scenario.lastsS ?? 0) + 15
    if (blind) await Promise.race([blind, watching(() => false)])
    else
      await watching(
        () => secondsSince(onsetMs) > patienceS || (isSeen() && secondsSince(onsetMs) >= (scenario.lastsS ?? 0)),
      )
  } catch (thrown) {
    error = (thrown as Error).message
  }
  try {
    await scenario.putBack(world)
    await world.heal()
  } catch (thrown) {
    error ??= (thrown as Error).message
  }
  endMs = Date.now()
  tell('scenario.ended')
  say('remise en état')
  const after = load.experience()
  const clearS = Math.max(...expected.map(({ clearedWithinS = 120 }) => clearedWithinS || 0)) + 10
  await watching(() => secondsSince(endMs) > clearS || isOver(), endMs).catch(() => undefined)
  const books = await world.audit().catch((thrown: Error) => {
    error ??= thrown.message
    return undefined
  })
  const experience = { requests: after.requests - before.requests, failed: after.failed - before.failed }
  return { scenario, onsetMs, endMs, watched, besides: [...besides].toSorted(), evidence, experience, books, error }

  async function watching(isDone: () => boolean, ended?: number): Promise<void> {
    let isStopped = false
    blind?.then(() => {
      isStopped = ended === undefined
    })
    while (!isStopped && !isDone()) {
      await Promise.all([watch(ended), lookFor(scenario, places, onsetMs, evidence)])
      progress()
      await Bun.sleep(everyMs)
    }
  }

  async function watch(ended: number | undefined): Promise<void> {
    const [active, told] = await Promise.all([activeAlerts(places.prometheus), toldAlerts(places.receiver)]).catch(
      () => [undefined, undefined],
    )
    if (!active || !told) return
    const sight: Sight = { active, told, nowMs: Date.now(), onsetMs, endMs: ended }
    for (const one of watched) observe(one, sight)
    for (const { labels, state } of active)
      if (state === 'firing' && !expected.some((alert) => isThat(alert, labels)))
        besides.add([labels.alertname, labels.service_name].filter(Boolean).join(' '))
  }

  function progress(): void {
    if (blind) return
    const once = (what: string, ms: number | undefined) => {
      if (ms === undefined || said.has(what)) return
      said.add(what)
      say(`${((ms - onsetMs) / 1000).toFixed(1).padStart(6)} s  ${what}`)
    }
    once(`première trace fautive ${evidence.trace?.id}`, evidence.trace?.atMs)
    for (const {
      expected: { name },
      pendingMs,
      firingMs,
      toldMs,
      clearedMs,
    } of watched) {
      once(`${name} en attente`, pendingMs)
      once(`${name} déclenchée`, firingMs)
      once(`${name} notifiée`, toldMs)
      once(`${name} finie`, clearedMs)
    }
  }

  function isSeen(): boolean {
    const told = watched.every(
      ({ expected, firingMs, toldMs }) => firingMs !== undefined && (toldMs !== undefined || expected.told === false),
    )
    return told && lacking(scenario, evidence).length === 0
  }

  function isOver(): boolean {
    const late = watched.filter(
      ({ expected, firingMs, clearedMs }) =>
        expected.clearedWithinS !== false && firingMs !== undefined && clearedMs === undefined,
    )
    return late.length === 0 && (lacking(scenario, evidence).length === 0 || secondsSince(endMs) > 30)
  }

  // Seen in Grafana as an annotation. Without a collector nobody hears it, which is no failure.
  function tell(event: string): void {
    const attributes = { 'scenario.name': blind ? 'blind' : scenario.name }
    announce(places.collector, {
      service: 'scenarios',
      event,
      body: blind ? 'à deviner' : scenario.title,
      attributes,
    }).catch(() => undefined)
  }
}

/** Until none of its alerts is active, so that what fires is of this scenario; and until there is a usual, if it needs one. */
async function untilCalm(scenario: Scenario, { places }: World, say: (line: string) => void): Promise<void> {
  const begunMs = Date.now()
  const asked = scenario.alerts.filter(({ clearedWithinS }) => clearedWithinS !== false)
  for (;;) {
    const active = await activeAlerts(places.prometheus).catch(() => [])
    const busy = active.filter(({ labels }) => asked.some((alert) => isThat(alert, labels)))
    if (busy.length === 0) return
    if (secondsSince(begunMs) > calmWithinS)
      return say(`pas de calme : ${busy.map(({ labels }) => labels.alertname).join(', ')}`)
    await Bun.sleep(1000)
  }
}

const secondsSince = (ms: number) => (Date.now() - ms) / 1000
