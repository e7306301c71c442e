import type { Subprocess } from 'bun'

/** A program that a launcher runs: its command, and how the launcher learns that it is ready. */
export interface Program {
  name: string
  command: string[]
  env: Record<string, string>
  /** The working directory. Default: the launcher's. */
  cwd?: string | undefined
  /** The address that the table shows. One that begins with `http` opens in a browser. */
  url: string
  /** What the page at `url` shows. */
  description?: string
  /** All ports on which it listens. */
  ports: number[]
  isReady(): Promise<boolean>
  /** The file for its output. Default: the launcher's terminal. */
  logFile?: string
  /** Whether it stops after the others and ignores a Ctrl-C of the terminal. */
  stopsLast?: boolean
}

/** Whether a URL responds with 2xx within a second. */
export async function isResponding(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => undefined)
  return response?.ok ?? false
}

/** The command of one of Vitrine's own scripts. It ends when its launcher ends. */
export const scriptCommand = (path: string): string[] => [
  process.execPath,
  '--preload',
  './launch/stop-with-launcher.ts',
  path,
]

const setpriv = Bun.which('setpriv')

/** A server's command that ends when its launcher ends, even by SIGKILL. Without util-linux it ends only on a signal. */
export const endWithLauncher = (command: string[]): string[] =>
  setpriv ? [setpriv, '--pdeathsig', 'TERM', ...command] : command

/** Whether a process has ended. A process that a signal ended has no exit code. */
export const hasEnded = ({ exitCode, signalCode }: Pick<Subprocess, 'exitCode' | 'signalCode'>): boolean =>
  exitCode !== null || signalCode !== null
