import { existsSync, readFileSync } from 'node:fs'
import type { ChildProgram } from '../../launch/child'

/** Addresses, start times and memory of what runs, for a terminal. */
export function formatReadyTable(children: ChildProgram[], seconds: number): string {
  const widest = (texts: string[]) => Math.max(...texts.map((text) => text.length))
  const name = widest(children.map(({ program }) => program.name))
  const url = widest(children.map(({ program }) => program.url))
  const rows = children.map(({ program, pid, readyAfterMs = 0 }) => {
    const mb = memoryMb(pid)
    return {
      mb,
      text: [
        ...[program.name.padEnd(name), program.url.padEnd(url)],
        `ready after ${(readyAfterMs / 1000).toFixed(1).padStart(4)} s`,
        ...[`${String(mb).padStart(4)} MB`, `pid ${String(pid).padEnd(7)}`, program.description ?? ''],
      ]
        .map((column) => `  ${column}`)
        .join('')
        .trimEnd(),
    }
  })
  const total = rows.reduce((sum, { mb }) => sum + mb, 0)
  return `\nThe stack is ready after ${seconds.toFixed(1)} s, ${total} MB in all. Ctrl-C stops it; the shop beside it: bun run dev\n${rows.map(({ text }) => text).join('\n')}\n\n`
}

function memoryMb(pid: number | undefined): number {
  const path = `/proc/${pid}/status`
  const kb = existsSync(path) ? /VmRSS:\s+(\d+)/.exec(readFileSync(path, 'utf8'))?.[1] : undefined
  return Math.round(Number(kb ?? 0) / 1024)
}
