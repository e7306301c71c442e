import { existsSync, readFileSync } from 'node:fs'
import { isLauncherRunning } from '../launch/control'

type Env = Record<string, string | undefined>

/**
 * Adds the settings of the running `bun run stack` to `env`: the URLs of its databases and the endpoint of its collector.
 * Variables that `env` already has take precedence. `VITRINE_STACK_DIR` is the folder of the stack.
 */
export async function withRunningStack(env: Env): Promise<{ env: Env; notice: string | undefined }> {
  const dir = env.VITRINE_STACK_DIR || '.stack'
  const file = `${dir}/env`
  if (!existsSync(file) || !(await isLauncherRunning(`${dir}/stack.sock`))) return { env, notice: undefined }
  const stack = parseEnvFile(readFileSync(file, 'utf8'))
  const databases = Object.keys(stack).filter((name) => name.endsWith('_DATABASE_URL') && env[name] === undefined)
  const databaseNotice = databases.length > 0 ? ', databases on its servers' : ''
  return {
    env: { ...stack, ...env },
    notice: `bun run stack runs (${file}): telemetry goes to its collector${databaseNotice}`,
  }
}

/** Parses `NAME=value` lines. Comments and empty lines are ignored. */
export function parseEnvFile(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line))
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}
