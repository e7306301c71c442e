import type { Notable } from '../notable.ts'
import type { Observer, RequestSample } from './observer'

const maxSlowest = 3
const maxWrong = 20

/** Retains the slowest right requests and the first wrong ones of each step. */
export function createNotables() {
  const slowest = new Map<string, Notable[]>()
  const wrong = new Map<string, Notable[]>()
  const observer: Observer = {
    request(sample) {
      const place = `${sample.scenario} ${sample.phase} ${sample.step}`
      if (sample.isRight) retainSlowest(listAt(slowest, place), sample)
      else retainFirst(listAt(wrong, place), sample)
    },
  }
  return { observer, all: (): Notable[] => [...slowest.values(), ...wrong.values()].flat() }
}

function listAt(lists: Map<string, Notable[]>, place: string): Notable[] {
  const list = lists.get(place) ?? []
  lists.set(place, list)
  return list
}

function retainSlowest(list: Notable[], sample: RequestSample): void {
  if (sample.phase === 'set_up') return
  const ms = sample.endedMs - sample.plannedMs
  if (list.length === maxSlowest && ms <= (list.at(-1)?.ms ?? 0)) return
  list.push(asNotable(sample))
  list.sort((a, b) => b.ms - a.ms)
  list.length = Math.min(list.length, maxSlowest)
}

function retainFirst(list: Notable[], sample: RequestSample): void {
  if (list.length < maxWrong) list.push(asNotable(sample))
}

const asNotable = (sample: RequestSample): Notable => ({
  step: sample.phase === 'set_up' ? 'set_up' : sample.step,
  scenario: sample.scenario,
  status: sample.status,
  ms: Math.round((sample.endedMs - sample.plannedMs) * 10) / 10,
  is_right: sample.isRight,
  trace_id: sample.traceId,
  error: sample.error,
})
