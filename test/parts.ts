import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { programNames, programsDir } from '../observability/native/programs'

/** What some tests need beside Bun, and where it is looked for. */
export type Part = 'mysql' | 'browser' | 'stack' | 'k6' | 'node' | 'go'

const caches = process.env.XDG_CACHE_HOME ?? `${homedir()}/.cache`
const places: Record<Part, { candidates: (string | null)[]; advice: string }> = {
  mysql: { candidates: [Bun.which('mariadbd'), '/usr/sbin/mariadbd'], advice: 'apt install mariadb-server' },
  browser: { candidates: ['/usr/bin/chromium', Bun.which('chromium')], advice: 'apt install chromium' },
  stack: {
    candidates: [programNames.every((name) => existsSync(`${programsDir}/${name}`)) ? `${programsDir}/otelcol` : null],
    advice: `observability/native/install ${programNames.join(' ')}`,
  },
  k6: { candidates: [`${programsDir}/k6`], advice: 'observability/native/install k6' },
  node: {
    candidates: [`${caches}/vitrine-node/node_modules/node/bin/node`, ownNode()],
    advice: 'Node 22 or newer; npm install --prefix ~/.cache/vitrine-node node@22',
  },
  go: { candidates: [Bun.which('go'), '/usr/local/go/bin/go'], advice: 'Go 1.26 or newer' },
}

// The machine's own Node may be too old for the SDK.
function ownNode(): string | null {
  const path = Bun.which('node')
  const major = path ? Number(/^v(\d+)/.exec(Bun.spawnSync([path, '--version']).stdout.toString())?.[1]) : 0
  return major >= 22 ? path : null
}

/** The program of a part, or `undefined` where this machine lacks it. */
export function programOf(part: Part): string | undefined {
  return places[part].candidates.find((path) => path !== null && existsSync(path)) ?? undefined
}

/**
 * For `describe.skipIf(lacks('mysql'))`. @throws Error when `VITRINE_REQUIRE` names the part: then leaving out is failing.
 */
export function lacks(part: Part): boolean {
  if (programOf(part)) return false
  if ((process.env.VITRINE_REQUIRE ?? '').split(',').includes(part)) {
    throw new Error(`VITRINE_REQUIRE asks for ${part}, which is not here: ${places[part].advice}`)
  }
  return true
}

/** Why tests are left out on this machine, a line a part. */
export function leftOut(): string[] {
  const missing = (Object.keys(places) as Part[]).filter((part) => !programOf(part))
  return missing.map((part) => `left out: tests that need ${part} (to have them: ${places[part].advice})`)
}
