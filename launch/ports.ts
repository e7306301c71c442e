import { portHolder } from './port-holder'
import type { Program } from './program'

/** Whether nobody listens on a port of this machine. */
export function isFree(port: number): boolean {
  try {
    Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } }).stop(true)
    return true
  } catch {
    return false
  }
}

/** @throws Error that says who holds a port which one of the programs needs, and `advice` */
export function refuseTakenPorts(planned: Pick<Program, 'name' | 'ports'>[], advice: string): void {
  const taken = planned
    .flatMap(({ name, ports }) => ports.map((port) => ({ name, port })))
    .filter(({ port }) => !isFree(port))
  if (taken.length === 0) return
  const rows = taken.map(({ name, port }) => `  port ${port} (${name}) is held by ${portHolder(port)}`)
  throw new Error(`cannot start:\n${rows.join('\n')}\n${advice}`)
}
