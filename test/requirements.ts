import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { programOnPath } from '../stack/native/program-on-path'
import { programNames, programsDir } from '../stack/native/programs'
import { registryDependencies } from './package/dependencies'
import { installSchemathesis, schemathesisHint } from './schemathesis/install'

/** What some tests need in addition to Bun. k6 is used where it is on the PATH, and never required. */
export type Requirement = 'mariadb' | 'mysql' | 'browser' | 'stack' | 'node' | 'go' | 'registry' | 'schemathesis' | 'k6'

// A registry or a module proxy that does not respond until then counts as unreachable.
const probeTimeoutMs = 120_000
const caches = process.env.XDG_CACHE_HOME ?? `${homedir()}/.cache`
const programs: Record<Requirement, { find: () => string | undefined; hint: string }> = {
  mariadb: { find: () => first(Bun.which('mariadbd'), '/usr/sbin/mariadbd'), hint: 'apt install mariadb-server' },
  mysql: { find: () => first(`${caches}/vitrine-mysql/server/mysqld`), hint: 'test/install-mysql' },
  browser: { find: () => first('/usr/bin/chromium', Bun.which('chromium')), hint: 'apt install chromium' },
  stack: {
    find: () =>
      programNames.every((name) => existsSync(`${programsDir}/${name}`)) ? `${programsDir}/otelcol` : undefined,
    hint: 'stack/native/install',
  },
  node: {
    find: () => first(`${caches}/vitrine-node/node_modules/node/bin/node`, ownNode()),
    hint: 'Node 22 or newer: npm install --prefix ~/.cache/vitrine-node node@22',
  },
  go: { find: goWithModules, hint: 'Go 1.26 or newer, and its module proxy or a filled module cache' },
  registry: { find: registryWithPackages, hint: 'an npm registry that Bun can reach' },
  schemathesis: { find: () => installSchemathesis(caches), hint: schemathesisHint },
  k6: { find: () => programOnPath('k6', process.env), hint: 'https://grafana.com/docs/k6/latest/set-up/install-k6/' },
}
const found = new Map<Requirement, string | undefined>()

/** The path of a required program; `undefined` where it is not installed. */
export function findProgram(requirement: Requirement): string | undefined {
  if (!found.has(requirement)) found.set(requirement, programs[requirement].find())
  return found.get(requirement)
}

/** How to install a requirement. */
export const installHint = (requirement: Requirement): string => programs[requirement].hint

/**
 * For `describe.skipIf(isMissing('mariadb'))`.
 * @throws Error if `VITRINE_REQUIRE` names it: then a missing program fails tests instead of skipping them.
 */
export function isMissing(requirement: Requirement): boolean {
  if (findProgram(requirement)) return false
  if (parseRequired(process.env.VITRINE_REQUIRE).includes(requirement)) {
    throw new Error(`VITRINE_REQUIRE names ${requirement}, which is not installed: ${installHint(requirement)}`)
  }
  return true
}

/** Parses a list such as `mariadb,browser`. @throws Error that names unknown requirements */
export function parseRequired(list = ''): string[] {
  const allowed = Object.keys(programs).filter((requirement) => requirement !== 'k6')
  const names = list.split(',').filter(Boolean)
  const unknown = names.filter((name) => !allowed.includes(name))
  if (unknown.length === 0) return names
  throw new Error(`VITRINE_REQUIRE names ${unknown.join(', ')}; it can name ${allowed.join(', ')}`)
}

const first = (...paths: (string | null)[]) => paths.find((path) => path !== null && existsSync(path)) ?? undefined

// The machine's own Node may be too old for the SDK.
function ownNode(): string | null {
  const path = Bun.which('node')
  const major = path ? Number(/^v(\d+)/.exec(Bun.spawnSync([path, '--version']).stdout.toString())?.[1]) : 0
  return major >= 22 ? path : null
}

// Installs the packages that test/package needs, so that the test finds them in Bun's cache.
function registryWithPackages(): string | undefined {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-registry-`)
  try {
    writeFileSync(`${dir}/package.json`, JSON.stringify({ dependencies: registryDependencies }))
    const command = [process.execPath, 'install', '--no-save']
    const options = { cwd: dir, stdout: 'ignore', stderr: 'ignore', timeout: probeTimeoutMs } as const
    return Bun.spawnSync(command, options).exitCode === 0 ? process.execPath : undefined
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

// Go counts only if it has the modules of test/compose. The first call downloads them.
function goWithModules(): string | undefined {
  const go = first(Bun.which('go'), '/usr/local/go/bin/go')
  if (!go) return undefined
  const command = [go, 'list', '-C', `${import.meta.dir}/compose`, '-deps', '.']
  return Bun.spawnSync(command, { stdout: 'ignore', timeout: probeTimeoutMs }).exitCode === 0 ? go : undefined
}
