import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'

const caches = process.env.XDG_CACHE_HOME ?? `${homedir()}/.cache`
const recipes = new Bun.CryptoHasher('sha256').update(readFileSync(`${import.meta.dir}/install`)).digest('hex')

/** Where `stack/native/install` puts what it builds; another one for each version of that file, so that nothing old runs. */
export const programsDir = `${process.env.VITRINE_STACK_CACHE ?? `${caches}/vitrine-stack`}/bin-${recipes.slice(0, 12)}`

/** The servers of the stack and the tools that check their files. */
export const programNames = ['otelcol', 'jaeger', 'prometheus', 'promtool', 'alertmanager', 'amtool'] as const

/** Prometheus' working directory, from which it serves its pages; `undefined` where they could not be built. */
export function findPrometheusUi(bin: string): string | undefined {
  const dir = `${bin}/prometheus-ui`
  return existsSync(`${dir}/static`) ? dir : undefined
}

/** The folder with all programs. @throws Error that names those which are missing and says how to get them */
export function findPrograms(): string {
  const missing = programNames.filter((name) => !existsSync(`${programsDir}/${name}`))
  if (missing.length === 0) return programsDir
  throw new Error(
    `not built yet, in the versions of stack/native/install: ${missing.join(', ')}\nbuild them from source, once, with Go: stack/native/install`,
  )
}
