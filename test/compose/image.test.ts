import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { freePort } from '../free-port'
import { buildImage, createIgnoreFilter, type Image, listFiles } from './build-image'

interface Service {
  image: string
  command: string[]
  healthcheck: { test: string[] }
}

const compose = Bun.YAML.parse(readFileSync('compose.yaml', 'utf8')) as { services: Record<string, Service> }
const ours = Object.entries(compose.services).filter(([, { image }]) => image.startsWith('vitrine:'))
const programs = ours.filter(([, { command }]) => command[0]?.endsWith('.ts'))
const servers = programs.filter(([, { healthcheck }]) => healthcheck)

describe('the image, built from the Dockerfile without a container engine', () => {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-image-`)
  let image: Image
  let app = ''
  beforeAll(() => {
    image = buildImage(dir)
    app = `${image.root}${image.workdir}`
  }, 180_000)
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  test('it contains each program that compose starts from it: four services, and two of the stack', () => {
    expect(programs.map(([name]) => name).sort()).toEqual([
      ...['alert-receiver', 'alertmanager-config', 'frontend', 'order-service', 'product-service', 'user-service'],
    ])
    for (const [, { command }] of programs) expect(existsSync(`${app}/${command[0]}`)).toBe(true)
    expect(image).toMatchObject({ entrypoint: ['/usr/local/bin/bun'], user: '65532:65532' })
  })

  test.each(servers)('%s starts from it, passes the health check of compose, and stops', async (name, service) => {
    const port = String(freePort())
    const env = {
      DEPLOYMENT_ENVIRONMENT: 'development',
      PORT: port,
      RECEIVER_PORT: port,
      DATABASE_URL: `${dir}/${name}.sqlite`,
      PENDING_REVOCATIONS_FILE: `${dir}/revocations.sqlite`,
      HOME: dir,
    }
    const child = Bun.spawn([process.execPath, ...service.command], {
      cwd: app,
      env,
      stdout: 'ignore',
      stderr: 'pipe',
    })
    const [, , ...check] = service.healthcheck.test
    const isHealthy = () => Bun.spawnSync([process.execPath, ...check], { cwd: app, env }).exitCode === 0
    let healthy = false
    for (let attempt = 0; attempt < 1200 && !healthy && child.exitCode === null; attempt++) {
      healthy = isHealthy()
      if (!healthy) await Bun.sleep(100)
    }
    child.kill('SIGTERM')
    expect({ healthy, exitCode: await child.exited, output: await new Response(child.stderr).text() }).toEqual({
      healthy: true,
      exitCode: 0,
      output: '',
    })
    expect(isHealthy()).toBe(false)
  })

  test('it contains the MySQL driver, which is loaded for a MySQL address only', () => {
    const code = "await import('./src/database/mysql-driver'); console.log('loaded')"
    const env = { DATABASE_URL: 'mysql://user@127.0.0.1:1/none' }
    expect(Bun.spawnSync([process.execPath, '-e', code], { cwd: app, env }).stdout.toString()).toBe('loaded\n')
  })

  test("Alertmanager's configuration is written from it", () => {
    const [, { command }] = programs.find(([name]) => name === 'alertmanager-config') ?? ['', { command: [] }]
    const file = `${dir}/alertmanager.yml`
    const { exitCode, stderr } = Bun.spawnSync([process.execPath, command[0] ?? '', file], { cwd: app, env: {} })
    expect({ exitCode, output: stderr.toString() }).toEqual({ exitCode: 0, output: '' })
    expect(readFileSync(file, 'utf8')).toContain('route:')
  })

  test('it contains no tests, tools, settings or data of development', () => {
    const files = listFiles(app).filter((file) => !file.includes('node_modules/'))
    expect(
      files.filter((file) =>
        /\.test\.tsx?$|^\.|\.env|\.sqlite|^console\/(?!alerts\/notification)|^test\/|\.md$/.test(file),
      ),
    ).toEqual([])
    const packages = readdirSync(`${app}/node_modules/.bun`).join('\n')
    expect(packages).toContain('mysql2@')
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
    for (const name of ['typescript', 'drizzle-kit', '@biomejs/biome', 'playwright-core']) {
      expect(Object.keys(devDependencies)).toContain(name)
      expect(packages).not.toContain(`${name.replace('/', '+')}@`)
    }
  })

  test('it is small: the shop and its packages are below 60 MB', () => {
    const bytes = listFiles(app).reduce((sum, file) => sum + Bun.file(`${app}/${file}`).size, 0)
    expect(bytes).toBeLessThan(60e6)
  })
})

test.each([
  ['src/settings.ts', false],
  ['services/order/migrations/mysql/0000_x.sql', false],
  ['observability/alertmanager/write.ts', false],
  ['observability/console.json', true],
  ['.env', true],
  ['production.env', true],
  ['src/settings.test.ts', true],
  ['telemetry/node_modules/hono', true],
  ['telemetry/testing/index.ts', true],
])('.dockerignore: %s is left out: %p', (path, isLeftOut) => {
  expect(createIgnoreFilter(readFileSync('.dockerignore', 'utf8'))(path)).toBe(isLeftOut)
})
