import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'

type Env = Record<string, string | undefined>

/**
 * Finds a program on the PATH. Programs in the stack’s cache are ignored: earlier versions of this project built Loki and k6 there.
 * @returns its path, or `undefined`
 */
export function programOnPath(name: string, env: Env): string | undefined {
  const cache = env.VITRINE_STACK_CACHE ?? `${env.XDG_CACHE_HOME ?? `${homedir()}/.cache`}/vitrine-stack`
  const folders = (env.PATH ?? '').split(':').filter((folder) => folder !== '')
  const candidates = folders.map((folder) => Bun.which(name, { PATH: folder }))
  return candidates.find((path) => path !== null && !isInside(cache, path)) ?? undefined
}

const isInside = (folder: string, path: string): boolean => real(path).startsWith(`${real(folder)}/`)

function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
