/** A program that a launcher keeps: how it is started, and how one knows that it is ready. */
export interface Program {
  name: string
  command: string[]
  env: Record<string, string>
  /** Its working directory; the launcher's where there is none. */
  cwd?: string | undefined
  /** Where it answers; shown in the table. What begins with `http` opens in a browser. */
  url: string
  /** What is to be seen there. */
  shows?: string
  /** All that it listens on. */
  ports: number[]
  isReady(): Promise<boolean>
  /** A file for its lines; the launcher's terminal where there is none. */
  logFile?: string
  /** Whether it stops after all others, and a Ctrl-C of the terminal does not reach it. */
  stopsLast?: boolean
}

/** Whether an address answers 2xx within a second. */
export async function isResponding(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => undefined)
  return answer?.ok ?? false
}

/** A script of Vitrine's own, that stops when its launcher does. */
export const script = (path: string): string[] => [
  process.execPath,
  '--preload',
  './launch/stop-with-launcher.ts',
  path,
]
