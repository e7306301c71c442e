import { readFileSync } from 'node:fs'

export interface WrkResult {
  requestsPerS: number
  p50Ms: number
  p95Ms: number
  /** CPU time of the server's processes. */
  cpuUsPerRequest: number
}

/** Loads an address with `wrk` and eight connections. @param pids of the processes whose CPU time is measured */
export async function wrk(url: string, pids: number[], seconds: number): Promise<WrkResult> {
  const before = cpuUs(pids)
  const script = `/tmp/vitrine-bench-${process.pid}.lua`
  // By default wrk prints no 95th percentile.
  await Bun.write(
    script,
    'done = function(_, l) io.write(string.format("p50 %f p95 %f\\n", l:percentile(50), l:percentile(95))) end',
  )
  const child = Bun.spawn(['wrk', '-t1', '-c8', `-d${seconds}s`, '-s', script, url])
  const text = await new Response(child.stdout).text()
  if (/Non-2xx/.test(text)) throw new Error(text)
  const [, p50 = 0, p95 = 0] = /p50 ([\d.]+) p95 ([\d.]+)/.exec(text) ?? []
  const requests = Number(/(\d+) requests in/.exec(text)?.[1])
  return {
    requestsPerS: Number(/Requests\/sec: +([\d.]+)/.exec(text)?.[1]),
    p50Ms: Number(p50) / 1000,
    p95Ms: Number(p95) / 1000,
    cpuUsPerRequest: (cpuUs(pids) - before) / requests,
  }
}

/** CPU time of processes so far, in ticks of 10 ms, the default of Linux kernels. */
export function cpuUs(pids: number[]): number {
  const ticks = pids.map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return Number(fields[11]) + Number(fields[12])
  })
  return ticks.reduce((sum, one) => sum + one, 0) * 10_000
}
