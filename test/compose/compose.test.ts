import { beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { frontendSettings } from '../../services/frontend/settings'
import { orderSettings } from '../../services/order/settings'
import { productSettings } from '../../services/product/settings'
import { userSettings } from '../../services/user/settings'
import { settingFields } from '../../src/settings'
import { isMissing } from '../requirements'
import { buildLoader, type LoadProjectOptions, loadProject, type Project } from './load-project'
import { networkAndVolumeRules } from './network-and-volume-rules'
import { hardeningRules, type Rule, startOrderRules } from './rules'

const rules: Rule[] = [...hardeningRules, ...startOrderRules, ...networkAndVolumeRules]
const secrets = [
  'SERVICE_KEY',
  'SESSION_SECRET',
  'USER_DATABASE_PASSWORD',
  'PRODUCT_DATABASE_PASSWORD',
  'ORDER_DATABASE_PASSWORD',
  'GRAFANA_ADMIN_PASSWORD',
  'GRAFANA_SECRET_KEY',
]
// `.env.example` as an operator fills it in: what is in the environment wins over the file.
const given = Object.fromEntries(
  secrets.map((name) => [name, `${name.toLowerCase()}-0123456789abcdef0123456789abcdef`]),
)
const production: LoadProjectOptions = { envFile: '.env.example', env: given }
const services = ['frontend', 'user', 'product', 'order'] as const
const cache = new Map<LoadProjectOptions | undefined, Project>()
// Each test gets its own copy, which it may change.
const loaded = (loading?: LoadProjectOptions): Project => {
  const { project, refusal } = cache.has(loading) ? { project: cache.get(loading), refusal: '' } : loadProject(loading)
  expect(refusal).toBe('')
  cache.set(loading, project as Project)
  return structuredClone(project as Project)
}

describe.skipIf(isMissing('go'))('compose.yaml, as compose-go reads it', () => {
  beforeAll(buildLoader, 300_000)

  describe.each([
    ['development', undefined],
    ['production', production],
  ] as const)('in %s', (_, loading) => {
    test.each(rules.map((rule) => [rule.description, rule] as const))('%s', (_, { findViolations }) => {
      expect(findViolations(loaded(loading))).toEqual([])
    })
  })

  test.each(
    rules.flatMap(({ description, findViolations, breakingChanges }) =>
      Object.entries(breakingChanges).map(([what, change]) => [what, description, findViolations, change] as const),
    ),
  )('"%s" breaks "%s"', (_, __, broken, change) => {
    const project = loaded()
    change(project)
    expect(broken(project)).not.toEqual([])
  })

  test('it starts thirteen servers and their two helpers; the alert receiver runs in development only', () => {
    const names = Object.keys(loaded(production).services)
    expect(names).toEqual([
      ...['alertmanager', 'alertmanager-config', 'frontend', 'grafana', 'jaeger', 'loki'],
      ...['mysql-order', 'mysql-product', 'mysql-user', 'order-service', 'otel-collector', 'product-service'],
      ...['prometheus', 'user-service', 'volume-owner'],
    ])
    expect(Object.keys(loaded().services)).toEqual(['alert-receiver', ...names])
  })

  test('the image has the version of the shop, and is built by the Bun of package.json', () => {
    const { version, packageManager } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(loaded().services.frontend?.image).toBe(`vitrine:${version}`)
    const bases = [...readFileSync('Dockerfile', 'utf8').matchAll(/^FROM oven\/bun:(\S+?)-/gm)].map(
      ([, tag]) => `bun@${tag}`,
    )
    expect(bases).toEqual([packageManager, packageManager])
  })

  test.each(secrets)('production without %s is refused, by name and with what to do', (name) => {
    const { [name]: _, ...rest } = given
    const { refusal } = loadProject({ ...production, env: rest })
    expect(refusal).toMatch(
      new RegExp(`required variable ${name} is missing a value: set it to .*see \\.env\\.example`),
    )
  })

  test('without the --env-file of production compose starts another project, and leaves production as it is', () => {
    expect([loaded(production).name, loaded().name]).toEqual(['vitrine', 'vitrine-development'])
  })

  test('production publishes the shop and Grafana only', () => {
    const { services } = loaded(production)
    const open = Object.keys(services).filter((name) => services[name]?.ports?.some(({ host_ip }) => !host_ip))
    expect(open).toEqual(['frontend', 'grafana'])
  })

  test('compose.yaml alone does not load: it has no secret', () => {
    expect(loadProject({ files: ['compose.yaml'] }).refusal).toContain('undefined network outside')
  })

  test('an environment name together with the development file is refused', () => {
    const { refusal } = loadProject({ env: { DEPLOYMENT_ENVIRONMENT: 'production', ...given } })
    expect(refusal).toContain('compose.override.yaml is for development - unset it')
  })

  test('nothing of development is in production', () => {
    const text = JSON.stringify(loaded(production))
    expect(JSON.stringify(loaded())).toMatch(/"development-|"development"|Viewer|"FAULTS_FILE"/)
    expect(text).not.toMatch(/development|Viewer|alert-receiver|FAULTS_/)
    for (const secret of Object.values(given)) expect(text).toContain(secret)
    expect(loaded(production).services['otel-collector']?.environment?.TAIL_SAMPLE_PERCENT).toBe('20')
    expect(loaded().services['otel-collector']?.environment?.TAIL_SAMPLE_PERCENT).toBe('100')
  })

  test('.env.example names each variable of the files and each setting of a service, and no other', () => {
    const files = ['compose.yaml', 'compose.production.yaml'].map((file) => readFileSync(file, 'utf8')).join('\n')
    const uncommented = files.replace(/^\s*#.*$/gm, '')
    const used = [...uncommented.matchAll(/(?<!\$)\$\{([A-Z_]+)/g)].map(([, name]) => name)
    const named = [...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name)
    const read = services.flatMap((name) => settingsOf(name).read)
    expect([...new Set([...used, ...read, 'COMPOSE_FILE'])].sort()).toEqual(named.sort())
  })

  test.each(services)('%s gets the settings that it reads, and no others', (name) => {
    const { read, needed } = settingsOf(name)
    expect(needed).toContain('SERVICE_KEY')
    for (const loading of [undefined, production]) {
      const { environment = {} } = loaded(loading).services[name === 'frontend' ? name : `${name}-service`] ?? {}
      const names = Object.keys(environment).filter((one) => !/^OTEL_|^DEPLOYMENT_ENVIRONMENT$/.test(one))
      expect(names.filter((one) => !read.includes(one))).toEqual([])
      expect(needed.filter((one) => !environment[one])).toEqual([])
    }
  })
})

const settings = {
  frontend: frontendSettings,
  user: userSettings,
  product: productSettings,
  order: orderSettings,
} as const

/** The settings that a service reads, and those that production must set. */
function settingsOf(name: keyof typeof settings) {
  const schemas = Object.entries<z.ZodType>(settings[name](settingFields(true)))
  return {
    read: schemas.map(([setting]) => setting),
    needed: schemas.filter(([, schema]) => !schema.safeParse(undefined).success).map(([setting]) => setting),
  }
}
