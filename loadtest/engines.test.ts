import { afterAll, expect, test } from 'bun:test'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { engineText, findEngine } from './engines'

const dir = mkdtempSync(`${tmpdir()}/vitrine-engines-`)
afterAll(() => rmSync(dir, { recursive: true }))

const current = folderWithK6('current', 'k6 v1.8.1 (go1.26.8, linux/amd64)')
const old = folderWithK6('old', 'k6 v0.49.0 (2024-01-29T14:44:58+0000/v0.49.0-0-gb4e7b6d)')
const cache = `${dir}/cache`
const cached = folderWithK6('cache/v1/bin', 'k6 v1.8.1')

test('k6 is used when it is on the PATH, otherwise the built-in engine', () => {
  const engine = findEngine(undefined, { PATH: `/nowhere:${current}` })
  expect(engine).toEqual({ name: 'k6', path: `${current}/k6`, version: 'v1.8.1' })
  expect(engineText(engine)).toBe(`load engine: k6 v1.8.1, ${current}/k6`)

  const builtIn = findEngine(undefined, { PATH: '/nowhere' })
  expect(builtIn).toEqual({ name: 'built-in' })
  expect(engineText(builtIn)).toBe('load engine: built-in (--engine k6 uses a k6 on the PATH)')
  expect(findEngine('built-in', { PATH: current })).toEqual({ name: 'built-in' })
})

test('a k6 that runs no TypeScript is not used, and a missing k6 is an error with instructions', () => {
  expect(findEngine(undefined, { PATH: old })).toEqual({ name: 'built-in' })
  expect(() => findEngine('k6', { PATH: old })).toThrow(`${old}/k6 is v0.49.0; k6 runs TypeScript from v1 on.`)
  expect(() => findEngine('k6', { PATH: '/nowhere' })).toThrow(
    /^no k6 on the PATH\.\nInstall it from its own packages: https:\/\/grafana\.com\/docs\/k6\/latest\/set-up\/install-k6\/\nor leave out --engine/,
  )
})

test('a k6 in the cache of this project is never used, even when the cache is on the PATH', () => {
  const env = { VITRINE_STACK_CACHE: cache, PATH: cached }
  expect(findEngine(undefined, env)).toEqual({ name: 'built-in' })
  expect(() => findEngine('k6', env)).toThrow('no k6 on the PATH')
  expect(findEngine('k6', { ...env, PATH: `${cached}:${current}` })).toMatchObject({ path: `${current}/k6` })
  const xdg = { XDG_CACHE_HOME: `${dir}/xdg`, PATH: folderWithK6('xdg/vitrine-stack/v1/bin', 'k6 v1.8.1') }
  expect(findEngine(undefined, xdg)).toEqual({ name: 'built-in' })
})

test('k6 receives the settings as variables, and the command exits with its exit code', async () => {
  const shop = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    // A secure cookie means that the shop trusts this machine as a proxy.
    fetch: () => new Response('ok', { headers: { 'Set-Cookie': 'session=1; Secure' } }),
  })
  const result = { metrics: { http_req_duration: { values: { count: 3 }, thresholds: { 'p(95)<1': { ok: false } } } } }
  const script = [
    'cd "$(dirname "$0")"',
    'printf "%s\\n" "$@" > arguments.txt; printf "%s\\n" "$K6_OTEL_HTTP_EXPORTER_ENDPOINT $GOGC" >> arguments.txt',
    `for one in "$@"; do case $one in RESULT=*) echo '${JSON.stringify(result)}' > "\${one#RESULT=}";; esac; done`,
    'exit 99',
  ].join('\n')
  const folder = folderWithK6('fake', 'k6 v1.9.0', script)
  const args = ['spike', '--engine', 'k6', '--rate', '5', '--url', shop.url.origin, '--out', `${dir}/out`]
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/run.ts`, ...args], {
    env: { PATH: `${folder}:/usr/bin:/bin`, OTEL_EXPORTER_OTLP_ENDPOINT: shop.url.origin },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  await shop.stop(true)

  expect({ code: await child.exited, err }).toEqual({ code: 99, err: '' })
  expect(out).toContain(`load engine: k6 v1.9.0, ${folder}/k6`)
  expect(out).toContain('✗ http_req_duration p(95)<1')
  const given = (await Bun.file(`${folder}/arguments.txt`).text()).trim().split('\n')
  expect(given.slice(0, 4)).toEqual(['run', '--no-usage-report', '--address', ''])
  expect(given).toEqual(expect.arrayContaining(['SHAPE=spike', 'RATE=5', `URL=${shop.url.origin}`, 'opentelemetry']))
  expect(given.slice(-2)).toEqual([`${import.meta.dir}/k6/shop.ts`, `${shop.url.host} 400`])
}, 60_000)

function folderWithK6(name: string, version: string, run = 'exit 1'): string {
  const folder = `${dir}/${name}`
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/k6`, `#!/bin/sh\nif [ "$1" = version ]; then echo '${version}'; exit; fi\n${run}\n`)
  chmodSync(`${folder}/k6`, 0o755)
  return folder
}
