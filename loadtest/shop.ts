/**
 * What k6 runs: people come to the shop at a rate, each makes a journey. `bun run loadtest` starts it; README.md explains it.
 */
import exec from 'k6/execution'
import { Rate } from 'k6/metrics'
import { journeysOf, shopperTurn, signedInShare } from './journeys/mix.ts'
import { maybeMistake } from './mistakes.ts'
import { type K6Summary, readFigures } from './report/figures.ts'
import { asText } from './report/text.ts'
import { settings } from './settings.ts'
import { scenariosOf, shopperCount, stairsOf } from './shapes.ts'
import { anyAddress, type Shopper, shopperAt, signInShoppers } from './shoppers.ts'
import { thresholdsOf } from './thresholds.ts'
import { Lost, openVisit } from './visit.ts'

const journeys = journeysOf(settings.journey)
/** Whether a journey reached its end. */
const ended = new Rate('journeys')

export const options = {
  scenarios: scenariosOf(settings),
  thresholds: thresholdsOf(settings, stairsOf(settings)),
  summaryTrendStats: ['count', 'med', 'p(95)', 'p(99)', 'max'],
  // Each tag more is a multiple of series; ours are `phase`, `step` and `rate`.
  systemTags: ['expected_response', 'check'],
  setupTimeout: '5m',
}

export function setup(): Shopper[] {
  return signInShoppers(shopperCount(settings, signedInShare(journeys)))
}

export default function shop(shoppers: Shopper[]): void {
  const turn = exec.scenario.iterationInTest + Number(__ENV.FIRST_SHOPPER ?? 0)
  const journey = journeys[turn % journeys.length]
  if (!journey) return
  const { address, cookies } = journey.isSignedIn ? shopperAt(shoppers, shopperTurn(journeys, turn)) : stranger()
  const afterEach = journey.isFlawless ? () => {} : maybeMistake
  try {
    ended.add(journey.make(openVisit(address, cookies, afterEach)), { journey: journey.name })
  } catch (error) {
    ended.add(false, { journey: journey.name })
    if (!(error instanceof Lost)) throw error
  }
}

const stranger = (): Shopper => ({ address: anyAddress(), cookies: {} })

export function handleSummary(summary: K6Summary): Record<string, string> {
  if (__ENV.RESULT) return { [__ENV.RESULT]: JSON.stringify(summary) }
  return { stdout: asText(readFigures(summary, settings, [])) }
}
