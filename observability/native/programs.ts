import { existsSync } from 'node:fs'
import { homedir } from 'node:os'

const caches = process.env.XDG_CACHE_HOME ?? `${homedir()}/.cache`

/** Where `observability/native/install` puts what it builds. */
export const programsDir = `${process.env.VITRINE_STACK_CACHE ?? `${caches}/vitrine-stack`}/v1/bin`

/** The servers of the stack and the tools that check their files. */
export const programNames = ['otelcol', 'jaeger', 'prometheus', 'promtool', 'alertmanager', 'amtool'] as const

/** The folder with all programs. @throws Error that names those which are missing and says how to get them */
export function findPrograms(): string {
  const missing = programNames.filter((name) => !existsSync(`${programsDir}/${name}`))
  if (missing.length === 0) return programsDir
  throw new Error(
    `not built yet: ${missing.join(', ')}\nbuild them from source, once, with Go: observability/native/install ${missing.join(' ')}`,
  )
}
