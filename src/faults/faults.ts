import { AsyncLocalStorage } from 'node:async_hooks'
import { safeMessage, type Telemetry } from '@vitrine/telemetry'
import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { describeFault, type Fault } from './fault'
import { type Evaluation, type FaultChange, type FaultContext, type FlagSet, openFlagSet } from './flag-set'
import { type FaultKey, flags } from './flags'
import { memoryGrowth } from './memory-growth'
import { watchFileText } from './watch-file'

/** A service's settings for faults. */
export interface FaultSettings {
  FAULTS_FILE?: string | undefined
  FAULTS_IN_PRODUCTION?: string | undefined
  environmentName: string
}

/** Ends a request with this status, as a real failure would. */
export class InjectedFault extends Error {
  override name = 'InjectedFault'
  constructor(readonly status: number) {
    super(`injected fault: http-error ${status}`)
  }
}

interface RequestScope {
  context: FaultContext
  /** Faults that are already on the request's span. */
  recorded: FaultKey[]
  /** Faults that apply once per request and have applied. */
  used: Set<FaultKey>
}

export type Faults = ReturnType<typeof createFaults>

/** The faults of a service, from the flag file `FAULTS_FILE`. `undefined` without it, or when production forbids faults. */
export async function openFaults(service: string, settings: FaultSettings): Promise<Faults | undefined> {
  if (!settings.FAULTS_FILE || areFaultsForbidden(settings)) return undefined
  return createFaults(service, settings.FAULTS_FILE, await openFlagSet())
}

/** Whether `FAULTS_FILE` is set in production without `FAULTS_IN_PRODUCTION=yes`. */
export const areFaultsForbidden = ({ FAULTS_FILE, FAULTS_IN_PRODUCTION, environmentName }: FaultSettings): boolean =>
  Boolean(FAULTS_FILE) && environmentName === 'production' && FAULTS_IN_PRODUCTION !== 'yes'

function createFaults(service: string, file: string, set: FlagSet) {
  const requests = new AsyncLocalStorage<RequestScope>()
  const processContext: FaultContext = { service, targetingKey: crypto.randomUUID() }
  const listeners = new Map<FaultKey, (value: number) => void>([['memory-growth', memoryGrowth()]])
  /** Active faults of the process. */
  let processFaults: Evaluation[] = []
  let telemetry: Telemetry | undefined
  let stopWatching = () => {}

  return { start, stop, middleware, value, valueOnce, delay, onChange, fetch: fetchUnlessDropped }

  /** Reads the file now and after each change, and records changes in `reportTo`. */
  function start(reportTo: Telemetry): void {
    telemetry = reportTo
    stopWatching = watchFileText(file, load, reportReadError)
  }

  /** Stops watching the file. Active faults stay on. */
  function stop(): void {
    stopWatching()
  }

  /** The value of a fault for the current request, recorded on its span; 0 when it is off, or outside a request. */
  function value(key: FaultKey): number {
    if (!set.activeKeys.has(key)) return 0
    const scope = requests.getStore()
    const evaluation = scope && set.evaluate(key, scope.context)
    if (!evaluation) return 0
    record(scope, evaluation)
    return evaluation.value
  }

  /** The same for the first call in a request; 0 afterwards. */
  function valueOnce(key: FaultKey): number {
    if (!set.activeKeys.has(key)) return 0
    const scope = requests.getStore()
    if (!scope || scope.used.has(key)) return 0
    scope.used.add(key)
    return value(key)
  }

  /** Waits for the fault's value in milliseconds. */
  async function delay(key: FaultKey): Promise<void> {
    const ms = value(key)
    if (ms > 0) await Bun.sleep(ms)
  }

  /** Calls `listener` with the value of a fault of the process, now if it is on, and after each change. */
  function onChange(key: FaultKey, listener: (value: number) => void): void {
    listeners.set(key, listener)
    const active = processFaults.find((fault) => fault.key === key)
    if (active) listener(active.value)
  }

  /** `fetch` for exports. `dropped-export` rejects batches with 400, except those of metrics, which count the loss. */
  async function fetchUnlessDropped(url: string, init: RequestInit): Promise<Response> {
    if (!set.activeKeys.has('dropped-export') || url.endsWith('/v1/metrics')) return fetch(url, init)
    const dropped = set.evaluate('dropped-export', { ...processContext, targetingKey: crypto.randomUUID() })
    return dropped ? new Response(null, { status: 400 }) : fetch(url, init)
  }

  /** Injects latency, a blocked event loop and errors. Runs after telemetry and the deadline, before all other middleware. */
  function middleware(): MiddlewareHandler {
    return function faults(c, next) {
      if (set.activeKeys.size === 0) return next()
      // Routes have a method; middleware registered with `use` has 'ALL'.
      const route = matchedRoutes(c).find(({ method }) => method !== 'ALL')?.path ?? ''
      const targetingKey = telemetry?.traceId() ?? ''
      const context = { service, targetingKey, route, method: c.req.method }
      return requests.run({ context, recorded: [], used: new Set() }, inject, next)
    }
  }

  async function inject(next: () => Promise<void>): Promise<void> {
    await delay('http-latency')
    compute(value('event-loop-block'))
    const status = value('http-error')
    const scope = requests.getStore()
    if (scope) for (const fault of processFaults) recordOnSpan(scope, fault)
    if (status > 0) throw new InjectedFault(status)
    await next()
  }

  function record(scope: RequestScope, evaluation: Evaluation): void {
    if (scope.recorded.includes(evaluation.key)) return
    recordOnSpan(scope, evaluation)
    telemetry?.log.event('feature_flag.evaluation', attributesOf(evaluation))
  }

  // A span holds the attributes of one flag: the first fault of the request, or one of the process. `fault.active` has all.
  function recordOnSpan(scope: RequestScope, evaluation: Evaluation): void {
    if (scope.recorded.every((key) => flags[key].scope === 'process'))
      for (const [key, attribute] of Object.entries(attributesOf(evaluation))) telemetry?.setAttribute(key, attribute)
    scope.recorded.push(evaluation.key)
    telemetry?.setAttribute('fault.active', [...scope.recorded])
  }

  function load(text: string): void {
    try {
      const { changes, warnings } = set.load(text)
      for (const warning of warnings) telemetry?.log.warn(`faults: ${warning}`)
      for (const change of changes) applyChange(change)
    } catch (error) {
      reportReadError(error)
    }
  }

  function applyChange({ key, fault }: FaultChange): void {
    if (isForThisService(fault)) reportChange(key, fault)
    if (flags[key].scope === 'request') return
    const before = processFaults.find((active) => active.key === key)
    const now = set.evaluate(key, processContext)
    processFaults = [...processFaults.filter((active) => active.key !== key), ...(now ? [now] : [])]
    if (now && now.value !== before?.value) telemetry?.log.event('feature_flag.evaluation', attributesOf(now))
    listeners.get(key)?.(now?.value ?? 0)
  }

  function isForThisService({ service: target }: Fault): boolean {
    return target === undefined || target === service || `${target}-service` === service
  }

  function reportChange(key: FaultKey, fault: Fault): void {
    const { value, service: target, route, percent } = fault
    const attributes = {
      'feature_flag.key': key,
      'fault.value': value,
      ...(target && { 'fault.service': service }),
      ...(route && { 'fault.route': route }),
      ...(percent && { 'fault.percent': percent }),
    }
    telemetry?.log.event('fault.changed', attributes, 'warn', describeFault(key, fault))
  }

  function reportReadError(error: unknown): void {
    telemetry?.log.warn('the fault file cannot be read; the faults do not change', {
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
  const endMs = performance.now() + ms
  while (performance.now() < endMs);
}
