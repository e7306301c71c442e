import { existsSync, readFileSync } from 'node:fs'

type Env = Record<string, string | undefined>

/**
 * Settings with those of `bun run stack`, while that runs: its databases, and where its collector listens. What the
 * environment says itself is stronger. `VITRINE_STACK_DIR` is the folder of the stack.
 */
export function besideStack(env: Env): { env: Env; notice: string | undefined } {
  const file = `${env.VITRINE_STACK_DIR ?? '.stack'}/env`
  const stack = existsSync(file) ? readSettings(readFileSync(file, 'utf8')) : {}
  if (!isAlive(Number(stack.STACK_PID))) return { env, notice: undefined }
  const databases = Object.keys(stack).filter((name) => name.endsWith('_DATABASE_URL') && env[name] === undefined)
  const place = databases.length > 0 ? ', databases on its servers' : ''
  return { env: { ...stack, ...env }, notice: `bun run stack is there (${file}): telemetry to its collector${place}` }
}

/** `NAME=value` lines; comments and empty ones are passed over. */
export function readSettings(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line))
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
