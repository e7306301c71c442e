/**
 * Writes lint/biome-boundaries.json, which biome.json extends (`bun run generate`). The last of Biome's overrides that
 * matches a file replaces the options of the rule, so each override repeats all patterns of its files.
 */
import { shopServices } from '../services/names'

interface Pattern {
  group: string[]
  message: string
  importNamePattern?: string
  invertImportNamePattern?: boolean
}

const folders = [
  'telemetry',
  'src',
  'services',
  'console',
  'launch',
  'stack',
  'dev',
  'observability',
  'loadtest',
  'scenarios',
  'bench',
  'docs',
  'lint',
  'test',
] as const
type Folder = (typeof folders)[number]

interface Boundary {
  folder: Folder
  /** Folders, and modules of other folders without their extension, that its files may import. */
  allowed: string[]
  /** What its tests may import besides. */
  allowedInTests?: string[]
  message: string
}

const everything = [...folders]
const boundaries: Boundary[] = [
  {
    folder: 'telemetry',
    allowed: [],
    allowedInTests: ['test/clock'],
    message: 'telemetry/ is a package of its own and imports nothing of Vitrine: take what you need as an option.',
  },
  {
    folder: 'src',
    allowed: [],
    allowedInTests: ['test', 'services/product'],
    message: 'src/ knows nothing of the shop or of what starts it: pass what you need as a parameter.',
  },
  {
    folder: 'services',
    allowed: ['src'],
    allowedInTests: ['test', 'stack/clients'],
    message: 'A service imports src/ and @vitrine/telemetry only: put what services share into src/.',
  },
  {
    folder: 'console',
    allowed: [],
    message: 'console/ is to be a package of its own and knows nothing of the shop: pass what it needs as data.',
  },
  {
    folder: 'launch',
    allowed: [],
    message: 'launch/ starts any program and knows none: describe yours as a Program of launch/program.',
  },
  {
    folder: 'stack',
    allowed: [
      'launch',
      'src/settings',
      'console/alerts/notification',
      'observability/prometheus/rule-files',
      'observability/runbooks',
    ],
    message: 'stack/ is used by programs and does not use them: keep this in the folder that needs it.',
  },
  {
    folder: 'dev',
    allowed: ['launch', 'stack', 'src/faults/fault-file'],
    message: 'dev/ starts services and the console as processes: start a program, or take its facts from stack/.',
  },
  {
    folder: 'observability',
    allowed: ['src', 'stack', 'console', 'services/declarations', 'lint/write-formatted'],
    message: 'observability/ describes what runs: take metrics from services/declarations, endpoints from stack/.',
  },
  {
    folder: 'loadtest',
    allowed: ['src', 'stack', 'observability/slo', 'dev/install-packages'],
    message: 'loadtest/ uses the shop over HTTP: take clients from stack/clients, objectives from observability/slo.',
  },
  {
    folder: 'scenarios',
    allowed: ['src', 'launch', 'stack', 'dev', 'loadtest', 'observability'],
    message: 'scenarios/ use the shop over HTTP and the databases: take clients from stack/clients.',
  },
  {
    folder: 'bench',
    allowed: everything.filter((folder) => folder !== 'scenarios'),
    message: 'bench/ measures programs and injects no faults: put a scenario into scenarios/.',
  },
  {
    folder: 'docs',
    allowed: ['src', 'services', 'console', 'stack', 'observability', 'scenarios'],
    allowedInTests: ['test'],
    message: 'docs/ is generated from the programs: move the code to the folder that it describes.',
  },
  {
    folder: 'lint',
    allowed: [],
    message: 'lint/ reads files and imports no code: pass what you need as data.',
  },
  {
    folder: 'test',
    allowed: everything.filter((folder) => folder !== 'bench'),
    message: 'test/ does not use bench/: move what both need to test/.',
  },
]

// It has no imports, and every folder may read it.
const serviceList = 'services/names'

const noOtelSdk: Pattern = {
  group: ['@opentelemetry/*'],
  message: 'OpenTelemetry is wired in telemetry/ only: import what you need from @vitrine/telemetry.',
}
const telemetryEntryPoint: Pattern = {
  group: ['**/telemetry/**', '!@vitrine/telemetry/testing', '!@vitrine/telemetry/aws-lambda'],
  message:
    'telemetry/ has one entry point: import from @vitrine/telemetry (tests also from @vitrine/telemetry/testing).',
}
const noTelemetry: Pattern = {
  group: ['@opentelemetry/*', '@vitrine/telemetry', '@vitrine/telemetry/**'],
  message: 'This package knows OTLP, not our telemetry: it works with any program that exports OTLP.',
}
const noHono: Pattern = {
  group: ['hono', 'hono/*', 'hono-sessions'],
  message: 'Verbs know no HTTP: take typed values, throw a DomainError, and leave requests and responses to app.ts.',
}
const noDrizzle: Pattern = {
  group: ['drizzle-orm', 'drizzle-orm/*'],
  message: 'Routes know no SQL: put the query into a verb file and call it from here.',
}

const services = shopServices.map(({ name }) => name)
const inCode = (other: string) =>
  `A service imports no other: call ${other} through serviceClient<Api>() with the type from its app.ts.`
const inTest = (other: string) =>
  other === 'frontend'
    ? 'A test imports no other service: use shop.frontend.request() of openFrontend() in test/storefront.'
    : `A test imports no other service: use shop.${other}s.request() of openShop() in test/shop; shop.databases.${other} has its rows.`
const otherServices = (service: string, messageOf: (other: string) => string): Pattern[] =>
  services
    .filter((other) => other !== service)
    .flatMap((other) => [
      { group: [`**/${other}/**`, `!**/${other}/app`], message: messageOf(other) },
      {
        group: [`**/${other}/app`],
        importNamePattern: '[A-Za-z]+Api',
        invertImportNamePattern: true,
        message: `Of ${other}/app only the type of its API may be imported.`,
      },
    ])

/** Telemetry is reached by its package name, so that its folder is forbidden to all. */
function foldersOf({ folder, allowed, message }: Boundary, more: string[] = []): Pattern {
  const permitted = [serviceList, ...allowed, ...more]
  const forbidden = folders.filter((one) => one !== folder && one !== 'telemetry' && !permitted.includes(one))
  const modules = permitted
    .filter((path) => path.includes('/'))
    .flatMap((path) => [`!**/${path}`, `!**/${path}.ts`, `!**/${path}/**`])
  return { group: [...forbidden.map((one) => `**/${one}/**`), ...modules], message }
}

function packagesOf(folder: Folder): Pattern[] {
  if (folder === 'telemetry') return [{ ...noTelemetry, group: ['@vitrine/telemetry'] }]
  if (folder === 'console') return [noTelemetry, telemetryEntryPoint]
  return [noOtelSdk, telemetryEntryPoint]
}

const override = (includes: string[], patterns: Pattern[]) => ({
  includes,
  linter: { rules: { style: { noRestrictedImports: { level: 'error', options: { patterns } } } } },
})
const testsOf = (folder: string) => [`${folder}/**/*.test.ts`, `${folder}/**/*.test.tsx`]

const boundaryOfServices = boundaries.find(({ folder }) => folder === 'services') as Boundary
const inServices = [...packagesOf('services'), foldersOf(boundaryOfServices)]
const inServiceTests = [...packagesOf('services'), foldersOf(boundaryOfServices, boundaryOfServices.allowedInTests)]

const overrides = [
  override(['**'], [noOtelSdk, telemetryEntryPoint]),
  ...boundaries.flatMap((boundary) => [
    override([`${boundary.folder}/**`], [...packagesOf(boundary.folder), foldersOf(boundary)]),
    ...(boundary.allowedInTests
      ? [
          override(testsOf(boundary.folder), [
            ...packagesOf(boundary.folder),
            foldersOf(boundary, boundary.allowedInTests),
          ]),
        ]
      : []),
  ]),
  ...services.flatMap((service) => [
    override([`services/${service}/**`], [...inServices, ...otherServices(service, inCode)]),
    ...(service === 'frontend'
      ? []
      : [
          override(
            [`services/${service}/*.ts`, `!services/${service}/{app,index}.ts`],
            [...inServices, noHono, ...otherServices(service, inCode)],
          ),
          override([`services/${service}/app.ts`], [...inServices, noDrizzle, ...otherServices(service, inCode)]),
        ]),
    override(testsOf(`services/${service}`), [...inServiceTests, ...otherServices(service, inTest)]),
  ]),
  // The examples use the package as its users do.
  override(['telemetry/examples/**'], [noOtelSdk, telemetryEntryPoint]),
  // What is compared with our telemetry, and the benchmark of its internals.
  override(['bench/hono-otel.ts', 'bench/parts.ts', 'console/receive/receive.test.ts'], []),
]

// Not formatted by Biome, which does not start without this file.
await Bun.write(`${import.meta.dir}/biome-boundaries.json`, `${JSON.stringify({ overrides }, null, 2)}\n`)
