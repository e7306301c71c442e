import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename } from 'node:path'
import { findPrometheusUi, programNames, programsDir } from './programs'

// A fake `go` that compiles nothing: the program it installs prints the requested version.
const go = `#!/bin/sh
case "$1" in
  install) for package; do :; done; printf '#!/bin/sh\\necho %s\\n' "\${package#*@}" > "$GOBIN/alertmanager"; chmod +x "$GOBIN/alertmanager" ;;
  mod) printf '  "Dir": "%s",\\n' "$SOURCES" ;;
esac
`

describe.skipIf(!Bun.which('sha256sum'))('stack/native/install', () => {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-install-`)
  beforeAll(async () => {
    for (const [name, text] of Object.entries({ go, npm: '#!/bin/sh\necho no such package >&2\nexit 1\n' })) {
      await Bun.write(`${dir}/tools/${name}`, text)
      chmodSync(`${dir}/tools/${name}`, 0o755)
    }
    mkdirSync(`${dir}/sources/web/ui`, { recursive: true })
    await Bun.write(`${dir}/sources/web/ui/pnpm-workspace.yaml`, 'packages: []\n')
    // Programs built by an earlier version of the project.
    for (const name of ['k6', 'loki', 'alertmanager']) await Bun.write(`${dir}/cache/v1/bin/${name}`, 'old')
  })
  afterAll(() => rmSync(dir, { recursive: true }))

  test('builds once, into a folder of links that programs.ts finds, with nothing else in it', async () => {
    const first = await install(`${import.meta.dir}/install`, 'alertmanager')
    expect(first).toMatchObject({ exitCode: 0, output: expect.stringContaining('alertmanager ready after') })
    expect(basename(first.folder)).toBe(basename(programsDir))
    const again = await install(`${import.meta.dir}/install`, 'alertmanager')
    expect(again).toEqual({ exitCode: 0, folder: first.folder, output: '' })
    expect([...new Bun.Glob('*').scanSync({ cwd: first.folder, onlyFiles: false })]).toEqual(['alertmanager'])
  })

  test('rebuilds only the programs whose version has changed', async () => {
    const old = await install(`${import.meta.dir}/install`, 'alertmanager')
    const newer = await install(
      edited('newer', /cmd\/alertmanager@v\S+?;/, 'cmd/alertmanager@v99.0.0;'),
      'alertmanager',
    )
    expect(newer.output).toContain('building alertmanager')
    expect(newer.folder).not.toBe(old.folder)
    expect(versionIn(newer.folder)).toBe('v99.0.0')
    expect(versionIn(old.folder)).not.toBe('v99.0.0')

    const reworded = await install(edited('reworded', /^# Needs/m, '# It needs'), 'alertmanager')
    expect(reworded.output).toBe('')
    expect(versionIn(reworded.folder)).toBe(versionIn(old.folder))
  })

  test.each(['k6', 'loki'])('has no recipe for %s', async (name) => {
    const { exitCode, output } = await install(`${import.meta.dir}/install`, name)
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: expect.stringContaining(`no recipe for '${name}'`) })
    expect(programNames as readonly string[]).not.toContain(name)
  })

  test('a recipe stops at the first failing command and leaves nothing behind', async () => {
    const script = edited('broken', /build_alertmanager\(\) \{/, 'build_alertmanager() { false;')
    const { exitCode, output, folder } = await install(script, 'alertmanager')
    expect({ exitCode, folder }).toEqual({ exitCode: 1, folder: '' })
    expect(output).toContain('alertmanager failed')
    expect([...new Bun.Glob('unfinished.*').scanSync({ cwd: `${dir}/cache`, onlyFiles: false })]).toEqual([])
  })

  test('without npm packages for Prometheus’ pages, all servers are built and the missing pages are reported', async () => {
    const onlyTwo = edited('two', /^all=\(.*\)$/m, 'all=(alertmanager prometheus-ui)')
    const { exitCode, output, folder } = await install(onlyTwo)
    expect(exitCode).toBe(0)
    expect(output).toContain('no such package')
    expect(output).toContain('without it Prometheus has an API and no pages')
    expect(versionIn(folder)).toStartWith('v0.')
    expect(findPrometheusUi(folder)).toBeUndefined()
    expect(await install(onlyTwo, 'prometheus-ui')).toMatchObject({ exitCode: 1 })
  })

  function edited(name: string, what: RegExp, by: string): string {
    const path = `${dir}/${name}`
    const text = readFileSync(`${import.meta.dir}/install`, 'utf8')
    expect(text).toMatch(what)
    writeFileSync(path, text.replace(what, by))
    return path
  }

  function versionIn(folder: string): string {
    expect(existsSync(`${folder}/alertmanager`)).toBe(true)
    return Bun.spawnSync([`${folder}/alertmanager`])
      .stdout.toString()
      .trim()
  }

  async function install(script: string, ...names: string[]) {
    const env = {
      ...process.env,
      ...{ VITRINE_STACK_CACHE: `${dir}/cache`, SOURCES: `${dir}/sources`, PATH: `${dir}/tools:${process.env.PATH}` },
    }
    const child = Bun.spawn(['bash', script, ...names], { env, stdout: 'pipe', stderr: 'pipe' })
    const [out, output] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    return { exitCode: await child.exited, folder: out.trim(), output }
  }
})
