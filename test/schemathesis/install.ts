import { existsSync, rmSync } from 'node:fs'

const version = '4.32.5'

// Its 30 packages are 40 MB. An index that never responds is unreachable.
const timeout = 300_000

export const schemathesisHint = `Python 3.10 or newer with venv, and a package index that has schemathesis ${version}`

/**
 * The path of Schemathesis (MIT), which tests an API by its OpenAPI document. The first call installs it into an environment
 * of its own below `caches`; `undefined` where that is impossible.
 */
export function installSchemathesis(caches: string): string | undefined {
  const dir = `${caches}/vitrine-schemathesis-${version}`
  const program = `${dir}/bin/schemathesis`
  if (existsSync(program)) return program
  const python = Bun.which('python3')
  if (python === null) return undefined
  const isInstalled =
    run(python, '-m', 'venv', dir) && run(`${dir}/bin/pip`, 'install', '--quiet', `schemathesis==${version}`)
  if (!isInstalled) rmSync(dir, { recursive: true, force: true })
  return isInstalled ? program : undefined
}

const run = (...command: string[]) =>
  Bun.spawnSync(command, { stdout: 'ignore', stderr: 'ignore', timeout }).exitCode === 0
