import { availableParallelism } from 'node:os'
import { remainingMs } from '../../src/deadline'
import { DomainError } from '../../src/problem'

/** The order of turns: names and addresses without failures, then names with some, then addresses with some and excess. */
export const priorities = { clean: 0, nameFailed: 1, last: 2 } as const
export type Priority = (typeof priorities)[keyof typeof priorities]

export interface HashQueueOptions {
  /** Hashes at the same time. More than the processor has threads would slow each other down. */
  maxActive?: number | undefined
  maxQueued?: number | undefined
  /** Milliseconds of any fixed origin. */
  now?: (() => number) | undefined
}

/** Runs `work` in its turn. @throws DomainError `OVERLOADED` */
export type HashQueue = <T>(priority: Priority, work: () => Promise<T>) => Promise<T>

interface Waiting {
  priority: Priority
  start(): void
  reject(): void
}

// A response needs this much of the request's time after the hash.
const marginMs = 100
// The weight of the newest duration in the average.
const smoothing = 0.2

/**
 * A bounded queue for password hashes. A request is refused at once when the queue is full of better ones or when its turn
 * would come after its deadline, so that the others are served in time.
 */
export function createHashQueue({
  maxActive = Math.max(1, availableParallelism()),
  maxQueued = 64,
  now = () => performance.now(),
}: HashQueueOptions = {}): HashQueue {
  /** In the order of their turns. */
  const waiting: Waiting[] = []
  let active = 0
  let averageMs = 0

  return async function runQueued(priority, work) {
    if (active < maxActive) active++
    else await turn(priority)
    const startMs = now()
    try {
      return await work()
    } finally {
      averageMs += smoothing * (now() - startMs - averageMs)
      active--
      startNext()
    }
  }

  function turn(priority: Priority): Promise<void> {
    const position = waiting.findLastIndex((other) => other.priority <= priority) + 1
    const waitMs = ((position + 1) * averageMs) / maxActive
    if (position >= maxQueued || waitMs + averageMs > remainingMs() - marginMs) throw new DomainError('OVERLOADED')
    if (waiting.length >= maxQueued) waiting.pop()?.reject()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => leave(entry), Math.max(0, remainingMs() - averageMs - marginMs))
      const entry: Waiting = {
        priority,
        start() {
          clearTimeout(timer)
          active++
          resolve()
        },
        reject() {
          clearTimeout(timer)
          reject(new DomainError('OVERLOADED'))
        },
      }
      waiting.splice(position, 0, entry)
    })
  }

  function startNext(): void {
    if (active < maxActive) waiting.shift()?.start()
  }

  function leave(entry: Waiting): void {
    const position = waiting.indexOf(entry)
    if (position < 0) return
    waiting.splice(position, 1)
    entry.reject()
  }
}
