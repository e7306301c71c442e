/**
 * Writes the import boundaries into biome.json (`bun run generate`). Of Biome's overrides the last that matches a file
 * replaces the rule's options, so every block names all of its patterns: too much to keep by hand.
 */
import { writeFormatted } from './write-formatted'

interface Pattern {
  group: string[]
  message: string
  importNamePattern?: string
  invertImportNamePattern?: boolean
}

const services = ['user', 'product', 'order', 'frontend']

const otel: Pattern = {
  group: ['@opentelemetry/*'],
  message: 'OpenTelemetry is wired in telemetry/ only: import what you need from @vitrine/telemetry.',
}
const oneDoor: Pattern = {
  group: ['**/telemetry/**', '!@vitrine/telemetry/testing', '!@vitrine/telemetry/aws-lambda'],
  message: 'telemetry/ has one door: import from @vitrine/telemetry (tests also from @vitrine/telemetry/testing).',
}
const noServices: Pattern = {
  group: ['**/services/**'],
  message: 'src/, telemetry/ and console/ know nothing of the shop: pass what you need as a parameter.',
}
const noHono: Pattern = {
  group: ['hono', 'hono/*', 'hono-sessions'],
  message: 'Verbs know no HTTP: take typed values, throw a DomainError, and leave requests and answers to app.ts.',
}
const noDrizzle: Pattern = {
  group: ['drizzle-orm', 'drizzle-orm/*'],
  message: 'Routes know no SQL: put the query into a verb file and call it from here.',
}
const onlyOtlp: Pattern = {
  group: ['@opentelemetry/*', '**/telemetry/**', '@vitrine/telemetry'],
  message: 'console/ looks at any program that exports OTLP: it knows the protocol, not our telemetry.',
}
const notFromElsewhere: Pattern = {
  group: ['**/src/**', '**/services/**', '@vitrine/telemetry'],
  message: 'telemetry/ is a package of its own and imports nothing of Vitrine.',
}

const others = (service: string): Pattern[] =>
  services
    .filter((other) => other !== service)
    .flatMap((other) => [
      {
        group: [`**/${other}/**`, `!**/${other}/app`],
        message: `A service imports no other: call ${other} through serviceClient<Api>() with the type from its app.ts.`,
      },
      {
        group: [`**/${other}/app`],
        importNamePattern: '[A-Za-z]+Api',
        invertImportNamePattern: true,
        message: `Of ${other}/app only the type of its API may be imported.`,
      },
    ])

const block = (includes: string[], patterns: Pattern[]) => ({
  includes,
  linter: { rules: { style: { noRestrictedImports: { level: 'error', options: { patterns } } } } },
})

const withDatabase = services.filter((service) => service !== 'frontend')
const overrides = [
  block(['**'], [otel, oneDoor]),
  block(['telemetry/**'], [notFromElsewhere]),
  block(['telemetry/examples/**'], [otel, oneDoor, noServices]),
  block(['src/**'], [otel, oneDoor, noServices]),
  block(['console/**'], [onlyOtlp, noServices]),
  ...services.map((service) => block([`services/${service}/**`], [otel, oneDoor, ...others(service)])),
  ...withDatabase.flatMap((service) => [
    block(
      [`services/${service}/*.ts`, `!services/${service}/{app,index}.ts`, `!services/${service}/*.test.ts`],
      [otel, oneDoor, noHono, ...others(service)],
    ),
    block([`services/${service}/app.ts`], [otel, oneDoor, noDrizzle, ...others(service)]),
  ]),
  // By name: what is measured beside ours, and what looks inside of it.
  block(['**/*.test.ts', '**/*.test.tsx', 'test/**', 'bench/hono-otel.ts', 'bench/parts.ts'], []),
]

overrides.push({
  includes: ['test/browser/**'],
  // What a person reads depends on the layout: that is the point.
  linter: { rules: { performance: { useDomNodeTextContent: 'off' } } },
} as never)

const file = new URL('../biome.json', import.meta.url).pathname
const config = await Bun.file(file).json()
await writeFormatted(file, `${JSON.stringify({ ...config, overrides }, null, 2)}\n`)
