import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'

const caches = process.env.XDG_CACHE_HOME ?? `${homedir()}/.cache`
const recipes = new Bun.CryptoHasher('sha256').update(readFileSync(`${import.meta.dir}/install`)).digest('hex')

/** The folder of the programs that `stack/native/install` builds. Each version of that file has its own folder. */
export const programsDir = `${process.env.VITRINE_STACK_CACHE ?? `${caches}/vitrine-stack`}/bin-${recipes.slice(0, 12)}`

/** The servers of the stack and the tools that check their configuration. */
export const programNames = ['otelcol', 'jaeger', 'prometheus', 'promtool', 'alertmanager', 'amtool'] as const

/** Prometheus’ working directory, from which it serves its pages; `undefined` when they are not built. */
export function findPrometheusUi(bin: string): string | undefined {
  const dir = `${bin}/prometheus-ui`
  return existsSync(`${dir}/static`) ? dir : undefined
}

/** The folder of all programs. @throws Error that names the missing ones and how to build them */
export function findPrograms(): string {
  const missing = programNames.filter((name) => !existsSync(`${programsDir}/${name}`))
  if (missing.length === 0) return programsDir
  throw new Error(
    `not built yet, in the versions of stack/native/install: ${missing.join(', ')}\nbuild them from source, once, with Go: stack/native/install`,
  )
}
