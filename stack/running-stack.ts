import { existsSync, readFileSync } from 'node:fs'
import { isLauncherRunning } from '../launch/control'

type Env = Record<string, string | undefined>

/**
 * Settings with those of `bun run stack`, while that runs: its databases, and where its collector listens. What the
 * environment says itself is stronger. `VITRINE_STACK_DIR` is the folder of the stack.
 */
export async function withRunningStack(env: Env): Promise<{ env: Env; notice: string | undefined }> {
  const dir = env.VITRINE_STACK_DIR || '.stack'
  const file = `${dir}/env`
  if (!existsSync(file) || !(await isLauncherRunning(`${dir}/stack.sock`))) return { env, notice: undefined }
  const stack = readSettings(readFileSync(file, 'utf8'))
  const databases = Object.keys(stack).filter((name) => name.endsWith('_DATABASE_URL') && env[name] === undefined)
  const place = databases.length > 0 ? ', databases on its servers' : ''
  return { env: { ...stack, ...env }, notice: `bun run stack is there (${file}): telemetry to its collector${place}` }
}

/** `NAME=value` lines; comments and empty ones are passed over. */
export function readSettings(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line))
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}
