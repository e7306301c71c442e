import { isPortFree } from '../launch/ports'

/** A port of this machine that was free a moment ago. */
export function freePort(): number {
  const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const { port } = listener
  listener.stop(true)
  return port
}

let attempts = 0

/**
 * Finds a number from `from` to `from + range` whose ports are all free. Ports below 32768 are not given to outgoing
 * connections, and each process starts its search elsewhere.
 * @param portsOf the ports that belong to a number
 * @throws Error after 1000 attempts
 */
export function findFreePorts(from: number, range: number, portsOf: (n: number) => number[]): number {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const n = from + ((process.pid * 80 + attempts++ * 8) % range)
    if (portsOf(n).every(isPortFree)) return n
  }
  throw new Error(`no free ports from ${from} to ${from + range}`)
}

/** The first of eight free ports, for a shop and its console. */
export const findFreeBasePort = (): number =>
  findFreePorts(21_000, 11_200, (base) => Array.from({ length: 8 }, (_, n) => base + n))
