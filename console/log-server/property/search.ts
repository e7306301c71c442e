import fc from 'fast-check'
import { difference, type EngineResponse } from './compare'
import { entryOf, type Log, logs, otlpOf } from './logs'
import type { Entry } from './naive'
import { request } from './queries'
import type { Request } from './query'
import { describeRequest } from './request'
import { shrink } from './shrink'

/** A log server that is compared with the naive evaluator. */
export interface Engine {
  respond(request: Request): Promise<EngineResponse>
  close(): void
}

export type OpenEngine = (logs: Log[], entries: Entry[]) => Promise<Engine>

const maxRequestsPerStore = 40
const storesPerRound = 25
const requests = fc.array(request, { minLength: 1, maxLength: maxRequestsPerStore, size: 'max' })

/**
 * Compares an engine with the naive evaluator for at least `pairs` pairs of random logs and a random query. The first
 * difference is shrunk to few logs and a short query.
 * @returns its description; undefined when there is none
 */
export async function findDifference(
  openEngine: OpenEngine,
  { pairs, seed }: { pairs: number; seed: number },
): Promise<string | undefined> {
  let compared = 0
  for (let round = seed; compared < pairs; round++) {
    for (const [given, queries] of fc.sample(fc.tuple(logs, requests), { numRuns: storesPerRound, seed: round })) {
      const found = await firstDifference(openEngine, given, queries)
      if (found) return describe(openEngine, given, found, round)
      compared += queries.length
    }
  }
  return undefined
}

async function describe(openEngine: OpenEngine, given: Log[], found: Request, seed: number): Promise<string> {
  const isDifferent = async (logs: Log[], request: Request) => Boolean(await wrongOf(openEngine, logs, request))
  const smallest = await shrink(given, found, isDifferent)
  return [
    `found with seed ${seed}: VITRINE_PROPERTY_SEED=${seed} repeats it`,
    `query: ${describeRequest(smallest.request)}`,
    `difference: ${await wrongOf(openEngine, smallest.logs, smallest.request)}`,
    `logs: ${JSON.stringify(otlpOf(smallest.logs))}`,
  ].join('\n')
}

async function firstDifference(openEngine: OpenEngine, given: Log[], queries: Request[]): Promise<Request | undefined> {
  const entries = given.map(entryOf)
  const engine = await openEngine(given, entries)
  try {
    for (const one of queries) if (difference(one, entries, await engine.respond(one))) return one
    return undefined
  } finally {
    engine.close()
  }
}

async function wrongOf(openEngine: OpenEngine, given: Log[], one: Request): Promise<string | undefined> {
  const entries = given.map(entryOf)
  const engine = await openEngine(given, entries)
  try {
    return difference(one, entries, await engine.respond(one))
  } finally {
    engine.close()
  }
}
