import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
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

/** The process that listens on a port of this machine, for messages: `pid 4711 (bun services/user/index.ts)`. */
export function findPortHolder(port: number): string {
  return fromProc(port) ?? fromLsof(port) ?? 'another program'
}

function fromProc(port: number): string | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)))
  if (inodes.size === 0) return undefined
  const pid = list('/proc').find((entry) => /^\d+$/.test(entry) && holdsSocket(entry, inodes))
  if (pid === undefined) return undefined
  return `pid ${pid} (${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim().slice(0, 80)})`
}

function listeningInodes(table: string, port: number): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  const rows = read(table)
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
  const listening = '0A'
  return rows.filter((row) => row[1]?.endsWith(`:${hexPort}`) && row[3] === listening).map((row) => row[9] ?? '')
}

function holdsSocket(pid: string, inodes: Set<string>): boolean {
  return list(`/proc/${pid}/fd`).some((fd) => {
    try {
      return inodes.has(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? '-')
    } catch {
      return false
    }
  })
}

function fromLsof(port: number): string | undefined {
  if (!Bun.which('lsof')) return undefined
  const { stdout } = Bun.spawnSync(['lsof', '-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
  const [, pid, command] = /p(\d+)\nc(.*)/.exec(stdout.toString()) ?? []
  return pid && `pid ${pid} (${command})`
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
