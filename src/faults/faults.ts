import { AsyncLocalStorage } from 'node:async_hooks'
import { safeMessage, type Telemetry } from '@vitrine/telemetry'
import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { describeFault, type Fault } from './fault-file'
import { type Evaluation, type FaultChange, type FaultContext, type FlagSet, openFlagSet } from './flag-set'
import { type FaultKey, flags } from './flags'
import { memoryGrowth } from './memory-growth'
import { watchFileText } from './watch-file'

/** What a service reads of its settings about faults. */
export interface FaultSettings {
  FAULTS_FILE?: string | undefined
  FAULTS_IN_PRODUCTION?: string | undefined
  environmentName: string
}

/** A request is to be answered with this status, as if something had failed. */
export class InjectedFault extends Error {
  override name = 'InjectedFault'
  constructor(readonly status: number) {
    super(`a fault was asked for: http-error ${status}`)
  }
}

interface RequestScope {
  context: FaultContext
  /** What was told of this request already. */
  told: FaultKey[]
  /** What happens once a request and has happened. */
  spent: Set<FaultKey>
}

export type Faults = ReturnType<typeof createFaults>

/**
 * The faults of a service, by the file of flags that its settings name. Nothing where they name none; nothing in production
 * either, unless `FAULTS_IN_PRODUCTION=yes` stands beside.
 */
export async function openFaults(service: string, settings: FaultSettings): Promise<Faults | undefined> {
  if (!settings.FAULTS_FILE || areFaultsForbidden(settings)) return undefined
  return createFaults(service, settings.FAULTS_FILE, await openFlagSet())
}

/** Whether faults were asked for where they may not be. */
export const areFaultsForbidden = ({ FAULTS_FILE, FAULTS_IN_PRODUCTION, environmentName }: FaultSettings): boolean =>
  Boolean(FAULTS_FILE) && environmentName === 'production' && FAULTS_IN_PRODUCTION !== 'yes'

function createFaults(service: string, file: string, set: FlagSet) {
  const requests = new AsyncLocalStorage<RequestScope>()
  const ofProcess: FaultContext = { service, targetingKey: crypto.randomUUID() }
  const followers = new Map<FaultKey, (value: number) => void>([['memory-growth', memoryGrowth()]])
  /** Faults of the process that are on now. */
  let standing: Evaluation[] = []
  let telemetry: Telemetry | undefined
  let stopWatching = () => {}

  return { start, stop, middleware, value, first, hold, follow, send }

  /** Reads the file, and again whenever it changes; tells what it finds. */
  function start(teller: Telemetry): void {
    telemetry = teller
    stopWatching = watchFileText(file, load, (error) => cannotRead(error))
  }

  /** Forgets the file; faults that are on stay. */
  function stop(): void {
    stopWatching()
  }

  /** What a fault says for the request that is answered now, and tells it; 0 where it is off, or outside of a request. */
  function value(key: FaultKey): number {
    if (!set.activeKeys.has(key)) return 0
    const scope = requests.getStore()
    const found = scope && set.evaluate(key, scope.context)
    if (!found) return 0
    tell(scope, found)
    return found.value
  }

  /** The same, once a request; 0 afterwards. */
  function first(key: FaultKey): number {
    if (!set.activeKeys.has(key)) return 0
    const scope = requests.getStore()
    if (!scope || scope.spent.has(key)) return 0
    scope.spent.add(key)
    return value(key)
  }

  /** Waits as many milliseconds as a fault says. */
  async function hold(key: FaultKey): Promise<void> {
    const ms = value(key)
    if (ms > 0) await Bun.sleep(ms)
  }

  /** Calls `work` with what a fault of the process says, now and whenever it changes. */
  function follow(key: FaultKey, work: (value: number) => void): void {
    followers.set(key, work)
    const found = standing.find((one) => one.key === key)
    if (found) work(found.value)
  }

  /** `fetch` for exports; `dropped-export` refuses batches for good. Those of metrics pass: who else could tell of it? */
  async function send(url: string, init: RequestInit): Promise<Response> {
    if (!set.activeKeys.has('dropped-export') || url.endsWith('/v1/metrics')) return fetch(url, init)
    const dropped = set.evaluate('dropped-export', { ...ofProcess, targetingKey: crypto.randomUUID() })
    return dropped ? new Response(null, { status: 400 }) : fetch(url, init)
  }

  /** Latency, computing and errors of requests, after telemetry and deadline, before everything else. */
  function middleware(): MiddlewareHandler {
    return function faults(c, next) {
      if (set.activeKeys.size === 0) return next()
      // Handlers and what stands before them have a method; what stands before everything has none.
      const route = matchedRoutes(c).find(({ method }) => method !== 'ALL')?.path ?? ''
      const targetingKey = telemetry?.traceId() ?? ''
      const context = { service, targetingKey, route, method: c.req.method }
      return requests.run({ context, told: [], spent: new Set() }, fail, next)
    }
  }

  async function fail(next: () => Promise<void>): Promise<void> {
    await hold('http-latency')
    compute(value('event-loop-block'))
    const status = value('http-error')
    const scope = requests.getStore()
    if (scope) for (const one of standing) show(scope, one)
    if (status > 0) throw new InjectedFault(status)
    await next()
  }

  function tell(scope: RequestScope, found: Evaluation): void {
    if (scope.told.includes(found.key)) return
    show(scope, found)
    telemetry?.log.event('feature_flag.evaluation', attributesOf(found))
  }

  // A span has one place for a flag: the request's first one, else one of the process; `fault.active` names all.
  function show(scope: RequestScope, found: Evaluation): void {
    if (scope.told.every((key) => flags[key].scope === 'process'))
      for (const [key, said] of Object.entries(attributesOf(found))) telemetry?.setAttribute(key, said)
    scope.told.push(found.key)
    telemetry?.setAttribute('fault.active', [...scope.told])
  }

  function load(text: string): void {
    try {
      const { changes, warnings } = set.load(text)
      for (const complaint of warnings) telemetry?.log.warn(`faults: ${complaint}`)
      for (const change of changes) changed(change)
    } catch (error) {
      cannotRead(error)
    }
  }

  function changed({ key, fault }: FaultChange): void {
    if (concerns(fault)) sayChanged(key, fault)
    if (flags[key].scope === 'request') return
    const before = standing.find((one) => one.key === key)
    const now = set.evaluate(key, ofProcess)
    standing = [...standing.filter((one) => one.key !== key), ...(now ? [now] : [])]
    if (now && now.value !== before?.value) telemetry?.log.event('feature_flag.evaluation', attributesOf(now))
    followers.get(key)?.(now?.value ?? 0)
  }

  function concerns({ service: wanted }: Fault): boolean {
    return wanted === undefined || wanted === service || `${wanted}-service` === service
  }

  function sayChanged(key: FaultKey, fault: Fault): void {
    const { value: wanted, service: at, route, percent } = fault
    const attributes = {
      'feature_flag.key': key,
      'fault.value': wanted,
      ...(at && { 'fault.service': service }),
      ...(route && { 'fault.route': route }),
      ...(percent && { 'fault.percent': percent }),
    }
    telemetry?.log.event('fault.changed', attributes, 'warn', describeFault(key, fault))
  }

  function cannotRead(error: unknown): void {
    telemetry?.log.warn('the file of faults cannot be read; those from before stay', {
      'exception.message': safeMessage(error),
    })
  }
}

// Source: semantic conventions 1.44, "Feature flags in logs".
const attributesOf = ({ key, value, variant, reason }: Evaluation) => ({
  'feature_flag.key': key,
  'feature_flag.result.variant': variant,
  'feature_flag.result.value': value,
  'feature_flag.result.reason': reason,
  'feature_flag.provider.name': 'flagd',
})

function compute(ms: number): void {
  const untilMs = performance.now() + ms
  while (performance.now() < untilMs);
}
