/**
 * The script that k6 runs: journeys start at a rate. `bun run loadtest --engine k6` starts it.
 * @see ../README.md
 */
import exec from 'k6/execution'
import { Rate } from 'k6/metrics'
import { journeysOf, runJourney, signedInShare } from '../journeys/mix.ts'
import { type EngineResult, summarizeRun } from '../report/summary.ts'
import { renderText } from '../report/text.ts'
import { scenariosOf, shopperCount, stairsOf } from '../shapes.ts'
import { signInShopper } from '../shoppers.ts'
import { thresholdsOf } from '../thresholds.ts'
import type { Visitor } from '../visit.ts'
import { perform, withCookies } from './perform.ts'
import { settings } from './settings.ts'

const journeys = journeysOf(settings.journey)
/** The ratio of journeys that reached their end. */
const ended = new Rate('journeys')

export const options = {
  scenarios: scenariosOf(settings),
  thresholds: thresholdsOf(settings, stairsOf(settings)),
  summaryTrendStats: ['count', 'med', 'p(95)', 'p(99)', 'max'],
  // Each additional tag multiplies the number of series. The scripts add `phase`, `step` and `rate`.
  systemTags: ['expected_response', 'check'],
  setupTimeout: '5m',
}

export function setup(): Visitor[] {
  const count = shopperCount(settings, signedInShare(journeys))
  return Array.from({ length: count }, (_none, index) => withCookies(perform(signInShopper(index))))
}

export default function shop(shoppers: Visitor[]): void {
  const turn = exec.scenario.iterationInTest + Number(__ENV.FIRST_SHOPPER ?? 0)
  const journey = journeys[turn % journeys.length]
  if (!journey) return
  ended.add(perform(runJourney(journey, journeys, turn, shoppers)), { journey: journey.name })
}

export function handleSummary(summary: EngineResult): Record<string, string> {
  if (__ENV.RESULT) return { [__ENV.RESULT]: JSON.stringify(summary) }
  return { stdout: renderText(summarizeRun(summary, settings, [])) }
}
