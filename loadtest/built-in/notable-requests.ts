import type { NotableRequest } from '../notable-request.ts'
import type { Observer, RequestSample } from './observer'

const maxSlowest = 3
const maxWrong = 20

/** Retains the slowest right requests and the first wrong ones of each step. */
export function createNotableRequests() {
  const slowest = new Map<string, NotableRequest[]>()
  const wrong = new Map<string, NotableRequest[]>()
  const observer: Observer = {
    request(sample) {
      const place = `${sample.scenario} ${sample.phase} ${sample.step}`
      if (sample.hasExpectedStatus) retainSlowest(listAt(slowest, place), sample)
      else retainFirst(listAt(wrong, place), sample)
    },
  }
  return { observer, all: (): NotableRequest[] => [...slowest.values(), ...wrong.values()].flat() }
}

function listAt(lists: Map<string, NotableRequest[]>, place: string): NotableRequest[] {
  const list = lists.get(place) ?? []
  lists.set(place, list)
  return list
}

function retainSlowest(list: NotableRequest[], sample: RequestSample): void {
  if (sample.phase === 'set_up') return
  const ms = sample.endedMs - sample.plannedMs
  if (list.length === maxSlowest && ms <= (list.at(-1)?.ms ?? 0)) return
  list.push(asNotable(sample))
  list.sort((a, b) => b.ms - a.ms)
  list.length = Math.min(list.length, maxSlowest)
}

function retainFirst(list: NotableRequest[], sample: RequestSample): void {
  if (list.length < maxWrong) list.push(asNotable(sample))
}

const asNotable = (sample: RequestSample): NotableRequest => ({
  step: sample.phase === 'set_up' ? 'set_up' : sample.step,
  scenario: sample.scenario,
  status: sample.status,
  ms: Math.round((sample.endedMs - sample.plannedMs) * 10) / 10,
  is_right: sample.hasExpectedStatus,
  trace_id: sample.traceId,
  error: sample.error,
})
