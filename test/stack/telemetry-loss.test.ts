import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { serviceNames } from '../../services/names'
import { isMissing } from '../requirements'
import { startShop, startStack } from './start-stack'
import { type AcceptedTelemetry, parseAccepted } from './telemetry-loss/accepted-telemetry'
import { computeLoss, formatLossTable, type Loss } from './telemetry-loss/loss'
import { createOrderLoad } from './telemetry-loss/order-load'
import { startRecordingProxy } from './telemetry-loss/recording-proxy'
import { readSamplerWaits, watchSampler } from './telemetry-loss/sampler'
import { fetchStoredDataPoints, fetchStoredLogs, fetchStoredSpans } from './telemetry-loss/stored-telemetry'
import { waitUntilDrained } from './telemetry-loss/wait-until-drained'

/** How long each store is down. At least 60: traces that a kill interrupts wait 30 s, and must be decided before the next. */
const outageS = Number(process.env.VITRINE_OUTAGE_S || 180)
/** The delay between the stores. All three are down at the first kill of the collector. */
const staggerS = outageS / 9
const firstKillS = outageS * 0.6
const recoveryS = 20
const collectorDownS = 5
const stores = ['jaeger', 'log-server', 'prometheus'] as const

describe.skipIf(isMissing('stack'))('under load, with all three stores down and a killed collector', () => {
  const ends: (() => unknown)[] = []
  let load: Awaited<ReturnType<Awaited<ReturnType<typeof createOrderLoad>>['stop']>>
  let accepted: AcceptedTelemetry
  let proxy: ReturnType<typeof startRecordingProxy>
  let loss: Record<'spans' | 'logs' | 'points', Loss>

  beforeAll(
    async () => {
      const stack = await startStack({ TAIL_SAMPLE_PERCENT: '100' })
      ends.unshift(stack.stop)
      const { endpoints } = stack
      proxy = startRecordingProxy(endpoints.collector)
      ends.unshift(proxy.stop)
      const sampler = watchSampler(endpoints.collectorMetrics)
      ends.unshift(sampler.stop)
      const startMs = Date.now()
      const shop = await startShop(proxy.url, { SEED_STOCK: '10000000' })
      ends.unshift(shop.stop)
      const orders = await createOrderLoad(shop.url)
      const killsMs: number[] = []

      orders.start()
      await Bun.sleep(5000)
      await Promise.all([...stores.map((name, n) => stopForOutage(name, n * staggerS)), killCollector(firstKillS)])
      await killCollector(recoveryS)
      await Bun.sleep(recoveryS * 1000)
      load = await orders.stop()
      // Its last exports are sent.
      await shop.stop()
      ends.shift()

      accepted = parseAccepted(proxy.accepted)
      const waits = await readSamplerWaits()
      await waitUntilDrained(endpoints.collectorMetrics, waits.decisionS * 1000)
      const spans = await fetchStoredSpans(endpoints.jaeger, accepted.traces.keys())
      const lines = await fetchStoredLogs(endpoints.loki, serviceNames, startMs, Date.now())
      const points = await fetchStoredDataPoints(endpoints.prometheus, accepted.instanceIds, startMs)
      loss = {
        spans: computeLoss(accepted.spans, spans, { killsMs, waits, sampler }),
        logs: computeLoss(accepted.logs, lines),
        points: computeLoss(accepted.points, points),
      }
      process.stdout.write(formatLossTable(loss, load, outageS))

      async function stopForOutage(name: (typeof stores)[number], afterS: number): Promise<void> {
        await Bun.sleep(afterS * 1000)
        await stack.stopServer(name)
        await Bun.sleep(outageS * 1000)
        await stack.startServer(name)
      }

      async function killCollector(afterS: number): Promise<void> {
        await Bun.sleep(afterS * 1000)
        killsMs.push(Date.now())
        await stack.killServer('collector')
        await Bun.sleep(collectorDownS * 1000)
        await stack.startServer('collector')
      }
    },
    (outageS + 600) * 1000,
  )
  afterAll(async () => {
    for (const end of ends) await end()
  }, 180_000)

  test('at least 20 orders a second were placed through the storefront', () => {
    expect(load.perSecond).toBeGreaterThanOrEqual(20)
  })

  test('the shop lost nothing: it exports later what the collector missed', () => {
    expect([...accepted.lostByShop].filter(([, count]) => count > 0)).toEqual([])
    expect(proxy.failures.get('unreachable')).toBeGreaterThan(0)
    // 503 is « not now »; any other status would lose the batch.
    expect([...proxy.failures.keys()].filter((status) => status !== 'unreachable' && status !== '503')).toEqual([])
    expect(proxy.partialSuccesses()).toBe(0)
  })

  test('no log record and no metric point that the collector accepted was lost', () => {
    expect(loss.logs).toMatchObject({ lostUnexpectedly: 0, examples: [] })
    expect(loss.points).toMatchObject({ lostUnexpectedly: 0, examples: [] })
  })

  test('no span was lost but those that waited for the sampler’s decision when the collector was killed', () => {
    expect(loss.spans).toMatchObject({ lostUnexpectedly: 0, examples: [] })
    // The check detects a loss where there must be one.
    expect(loss.spans.lostUndecided).toBeGreaterThan(0)
  })
})
