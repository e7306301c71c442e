import { type PageRequest, type PageResponse, type Script, think } from '../visit.ts'

interface Performer {
  /** Sends a request. Whatever it throws ends the script. */
  request(request: PageRequest): Promise<PageResponse>
  /** Waits while the visitor reads a page. */
  pause(): Promise<void>
}

/** Runs a script to its end, one request after the other. */
export async function perform<T>(script: Script<T>, { request, pause }: Performer): Promise<T> {
  let next = script.next()
  while (!next.done) {
    if (next.value === think) {
      await pause()
      next = script.next()
    } else next = script.next(await request(next.value))
  }
  return next.value
}
