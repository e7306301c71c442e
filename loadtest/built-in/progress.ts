import type { Metrics } from './metrics'

interface ProgressOptions {
  metrics: Metrics
  activeJourneys: () => number
  totalS: number
  /** Width of the terminal; `undefined` where the output is no terminal, so that lines can't be overwritten. */
  columns: number | undefined
  write: (text: string) => void
}

const linesEveryS = 15

/** Prints the progress: in a terminal one line that is overwritten each second, otherwise a line every 15 s. */
export function createProgress({ metrics, activeJourneys, totalS, columns, write }: ProgressOptions) {
  let width = 0
  return {
    /** Must be called once per second. @param second of the run */
    show(second: number): void {
      if (columns !== undefined) overwrite(lineAt(second).slice(0, columns - 1))
      else if (second > 0 && second % linesEveryS === 0) write(`${lineAt(second)}\n`)
    },
    end(): void {
      if (columns !== undefined) overwrite('')
    },
  }

  function overwrite(line: string): void {
    write(`\r${line.padEnd(width)}${line === '' ? '\r' : ''}`)
    width = line.length
  }

  function lineAt(second: number): string {
    const count = (name: string) => metrics.find(name)?.value('count') ?? 0
    const duration = metrics.find('http_req_duration{phase:load}')
    const failed = metrics.find('http_req_failed{phase:load}')?.values().passes ?? 0
    const dropped = count('dropped_iterations')
    return [
      `${Math.min(second, totalS)} of ${totalS} s`,
      `${count('iterations')} journeys ended, ${activeJourneys()} active`,
      `${count('http_reqs{phase:load}')} requests, p95 ${(duration?.value('p(95)') ?? 0).toFixed(1)} ms, ${failed} failed`,
      ...(dropped > 0 ? [`${dropped} dropped`] : []),
      `engine lag p99 ${(metrics.find('lag')?.value('p(99)') ?? 0).toFixed(1)} ms`,
    ].join(' · ')
  }
}
