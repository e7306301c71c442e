import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { freePort } from '../free-port'
import { lastMetricValue, type ReceivedTelemetry } from '../otlp-receiver'
import { findProgram, isMissing } from '../requirements'
import { startCollector } from '../stack/collector'
import { waitUntil } from '../wait-until'
import { registryDependencies } from './dependencies'

const version = JSON.parse(readFileSync('node_modules/hono/package.json', 'utf8')).version as string
// The README's own example, which must work.
const start = /```js\n([\s\S]*?)```/.exec(readFileSync('telemetry/README.md', 'utf8'))?.[1] ?? ''

const example = /```ts\n([^`]*?bun:test[\s\S]*?)```/.exec(readFileSync('telemetry/README.md', 'utf8'))?.[1] ?? ''

describe.skipIf(isMissing('stack') || isMissing('node') || isMissing('registry'))(
  'the packed package, in a bare Hono app outside of this repository',
  () => {
    const dir = mkdtempSync(`${tmpdir()}/vitrine-package-`)
    afterAll(() => rmSync(dir, { recursive: true, force: true }))

    beforeAll(() => {
      run([process.execPath, 'pm', 'pack', '--destination', dir], 'telemetry')
      const [tarball] = readdirSync(dir).filter((file) => file.endsWith('.tgz'))
      mkdirSync(`${dir}/app`)
      const dependencies = { ...registryDependencies, '@vitrine/telemetry': `../${tarball}`, hono: version }
      write(
        'package.json',
        JSON.stringify({
          type: 'module',
          dependencies,
          devDependencies: { typescript: '7.0.2', 'bun-types': '1.4.5' },
        }),
      )
      write('app.js', start)
      write(
        'on-node.js',
        `import { serve } from '@hono/node-server'\nimport app from './app.js'\nserve({ fetch: app.fetch, port: Number(process.env.PORT) })\n`,
      )
      write('typed.ts', typed)
      write('example.test.ts', example)
      write('edges.js', readFileSync(`${import.meta.dir}/edges.js`, 'utf8'))
      run([process.execPath, 'install'], `${dir}/app`)
    }, 180_000)

    test('the first example of its README has at most ten lines', () => {
      expect(start.trim().split('\n').filter(Boolean).length).toBeLessThanOrEqual(10)
    })

    test.each([
      ['Bun', () => [process.execPath, 'app.js']],
      ['Node', () => [findProgram('node') ?? '', 'on-node.js']],
    ])(
      'on %s: its three signals arrive at a real collector',
      async (_, command) => {
        const collector = await startCollector('collector.yaml')
        const port = freePort()
        const lines = await greet(command(), port, collector)
        const received = await collector.stop()

        const server = received.traces.find(({ name }) => name === 'GET /hello/:name')
        const greet_ = received.traces.find(({ name }) => name === 'greet')
        expect(server).toMatchObject({
          service: 'greeter',
          kind: 'server',
          attributes: { 'url.path': '/hello/you', 'http.response.status_code': 200 },
        })
        expect(greet_).toMatchObject({ traceId: server?.traceId, parentSpanId: server?.spanId })
        expect(received.logs.filter(({ traceId }) => traceId === server?.traceId).map(({ body }) => body)).toEqual([
          'greeted',
          'GET /hello/:name 200',
        ])
        expect(
          lastMetricValue(received, 'greeter', 'http.server.request.duration', { 'http.route': '/hello/:name' }),
        ).toBe(1)
        expect(runtimeOf(received)).toBe(command()[1] === 'app.js' ? 'bun' : 'nodejs')
        expect(lines.map(({ message }) => message)).toEqual(['greeted', 'GET /hello/:name 200'])
      },
      180_000,
    )

    test('on Node: spans end with their streams, only server errors set an error status, and TLS uses client certificates', () => {
      const { stdout, stderr } = Bun.spawnSync([findProgram('node') ?? '', 'edges.js'], {
        cwd: `${dir}/app`,
        env: { PATH: process.env.PATH ?? '', FIXTURES: `${process.cwd()}/telemetry/export/fixtures` },
      })
      expect(stderr.toString()).toBe('')
      const { responses, spans, active, received } = JSON.parse(stdout.toString())

      expect(Object.values<unknown[]>(responses).map(([status, text]) => [status, text])).toEqual([
        [200, '{"ok":true}'],
        [200, 'hello'],
        [200, 'late'],
        [200, 'data: x\n\n'],
        [404, ''],
        [500, 'sorry'],
      ])
      expect(spans.map(({ name, code }: { name: string; code: number }) => `${name} ${code}`).sort()).toEqual([
        'GET /broken 2',
        'GET /by-hand 0',
        'GET /json 0',
        'GET /refused 0',
        'GET /sse 0',
        'GET /stream 0',
      ])
      expect(spans.find(({ name }: { name: string }) => name === 'GET /stream').durationMs).toBeGreaterThan(25)
      expect(
        Object.values<unknown[]>(responses)
          .map(([, , traceId]) => traceId)
          .sort(),
      ).toEqual(spans.map(({ traceId }: { traceId: string }) => traceId).sort())
      expect(active).toBe(0)
      expect(received).toEqual([
        ['/v1/logs', true, 'gzip'],
        ['/v1/metrics', true, 'gzip'],
        ['/v1/traces', true, 'gzip'],
      ])
    }, 180_000)

    test.each([
      ['bundler', 'preserve', 'node', 'typed.ts'],
      ['nodenext', 'nodenext', 'node', 'typed.ts'],
      ['bundler', 'preserve', 'bun-types', 'example.test.ts'],
    ])(
      'its types resolve with moduleResolution %s, module %s and the types of %s: %s',
      (moduleResolution, module, types, file) => {
        const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'esnext', '--module', module]
        const rest = ['--moduleResolution', moduleResolution, '--types', types, file]
        run([process.execPath, 'x', 'tsc', ...options, ...rest], `${dir}/app`)
      },
      180_000,
    )

    test('the test that its README shows passes', () => {
      run([process.execPath, 'test', 'example.test.ts'], `${dir}/app`)
    }, 180_000)

    function write(file: string, text: string): void {
      writeFileSync(`${dir}/app/${file}`, text)
    }

    /** Starts the app, sends one request and stops it. @returns its log lines */
    async function greet(command: string[], port: number, collector: Collector): Promise<Record<string, unknown>[]> {
      const child = Bun.spawn(command, {
        cwd: `${dir}/app`,
        env: {
          PATH: process.env.PATH ?? '',
          PORT: String(port),
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
          OTEL_METRIC_EXPORT_INTERVAL: '200',
          OTEL_BSP_SCHEDULE_DELAY: '100',
          OTEL_BLRP_SCHEDULE_DELAY: '100',
        },
        stdout: 'pipe',
        stderr: 'pipe',
      })
      const response = await waitUntil(() => fetch(`http://127.0.0.1:${port}/hello/you`).catch(() => undefined))
      expect([response.status, await response.text()]).toEqual([200, 'Hello you'])
      expect(response.headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/)
      await collector.waitUntil(
        ({ traces, logs, metrics }) =>
          traces.some(({ name }) => name === 'GET /hello/:name') &&
          traces.some(({ name }) => name === 'greet') &&
          logs.some(({ body }) => body === 'GET /hello/:name 200') &&
          metrics.some(({ name }) => name === 'http.server.request.duration'),
      )
      child.kill()
      const text = await new Response(child.stdout).text()
      return text
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line))
    }
  },
)

const typed = `import { createTelemetry, type Declarations } from '@vitrine/telemetry'
import { recordTelemetry } from '@vitrine/telemetry/testing'
const declared = { kind: 'counter', name: 'a', unit: '{a}', description: 'A', attributes: { size: ['small', 'large'] } } as const
const telemetry = createTelemetry({ serviceName: 'typed' })
telemetry.counter(declared).add(1, { size: 'small' })
// @ts-expect-error: no such size
telemetry.counter(declared).add(1, { size: 'huge' })
const traceId: string | undefined = telemetry.traceId()
const seen: { name: string } | undefined = recordTelemetry().spans()[0]
export const all: [typeof traceId, typeof seen, Declarations | undefined] = [traceId, seen, undefined]
`

type Collector = Awaited<ReturnType<typeof startCollector>>

const runtimeOf = ({ traces }: ReceivedTelemetry) => traces[0]?.resource.attributes['process.runtime.name']

function run(command: string[], cwd: string): void {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd })
  if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stdout}${stderr}`)
}
