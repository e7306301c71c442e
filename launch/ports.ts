import { findPortHolder } from './find-port-holder'
import type { Program } from './program'

/** Whether no process listens on a port of this machine. */
export function isPortFree(port: number): boolean {
  try {
    Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } }).stop(true)
    return true
  } catch {
    return false
  }
}

/** Checks that the programs' ports are free. @throws Error that names the process on each taken port, followed by `advice` */
export function assertPortsFree(programs: Pick<Program, 'name' | 'ports'>[], advice: string): void {
  const taken = programs
    .flatMap(({ name, ports }) => ports.map((port) => ({ name, port })))
    .filter(({ port }) => !isPortFree(port))
  if (taken.length === 0) return
  const rows = taken.map(({ name, port }) => `  port ${port} (${name}) is taken by ${findPortHolder(port)}`)
  throw new Error(`cannot start:\n${rows.join('\n')}\n${advice}`)
}
