import type { NotableRequest } from '../notable-request.ts'
import type { Observer, RequestSample } from './observer'

const maxSlowest = 3
const maxFailed = 20

/** Retains the slowest successful requests and the first failed ones of each step. */
export function createNotableRequests() {
  const slowest = new Map<string, NotableRequest[]>()
  const failed = new Map<string, NotableRequest[]>()
  const observer: Observer = {
    request(sample) {
      const series = `${sample.scenario} ${sample.phase} ${sample.step}`
      if (sample.hasExpectedStatus) retainSlowest(listAt(slowest, series), sample)
      else retainFirst(listAt(failed, series), sample)
    },
  }
  return { observer, all: (): NotableRequest[] => [...slowest.values(), ...failed.values()].flat() }
}

function listAt(lists: Map<string, NotableRequest[]>, series: string): NotableRequest[] {
  const list = lists.get(series) ?? []
  lists.set(series, list)
  return list
}

function retainSlowest(list: NotableRequest[], sample: RequestSample): void {
  if (sample.phase === 'set_up') return
  const ms = sample.endedMs - sample.plannedMs
  if (list.length === maxSlowest && ms <= (list.at(-1)?.ms ?? 0)) return
  list.push(toNotableRequest(sample))
  list.sort((a, b) => b.ms - a.ms)
  list.length = Math.min(list.length, maxSlowest)
}

function retainFirst(list: NotableRequest[], sample: RequestSample): void {
  if (list.length < maxFailed) list.push(toNotableRequest(sample))
}

const toNotableRequest = (sample: RequestSample): NotableRequest => ({
  step: sample.phase === 'set_up' ? 'set_up' : sample.step,
  scenario: sample.scenario,
  status: sample.status,
  ms: Math.round((sample.endedMs - sample.plannedMs) * 10) / 10,
  is_right: sample.hasExpectedStatus,
  trace_id: sample.traceId,
  error: sample.error,
})
