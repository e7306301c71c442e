import { readFileSync } from 'node:fs'
import { recordTelemetry } from '@vitrine/telemetry/testing'
import { z } from 'zod'
import { frontendSettings } from '../../services/frontend/settings'
import { orderSettings } from '../../services/order/settings'
import { productSettings } from '../../services/product/settings'
import { userSettings } from '../../services/user/settings'
import { commonSettings, type FieldBuilders, settingFields } from '../../src/settings'
import { readAlertReceiverSettings } from '../../stack/alert-receiver/settings'
import { code, table } from './markdown'
import { configFileMeanings, otherVariables, telemetryMeanings, type Variable } from './variables'

const intro = `# Settings

Every environment variable, with its type and default. \`bun run generate\` writes this page from the schemas of the services and from the declarations in \`docs/reference/variables.ts\`. An empty value counts as not set.

\`DEPLOYMENT_ENVIRONMENT\` decides what is required: \`production\` by default, so that a missing secret stops a service; \`bun run dev\` sets \`development\`. \`.env.example\` is the template for \`docker compose\`.
`

type Shape = (is: FieldBuilders) => z.ZodRawShape

const serviceSettings: Record<string, Shape> = {
  frontend: frontendSettings,
  'user-service': userSettings,
  'product-service': productSettings,
  'order-service': orderSettings,
}

export function settingsPage(): string {
  const common: Shape = (is) => commonSettings(is, 0)
  const { PORT: _, ...shared } = serviceRows(common)
  const own = Object.entries(serviceSettings).map(([service, shape]) => {
    const rows = Object.entries(serviceRows(shape)).filter(([name]) => !(name in shared))
    return section(service, ['variable', 'type', 'default', 'in production', 'meaning'], Object.fromEntries(rows))
  })
  return [
    intro,
    section('Every service', ['variable', 'type', 'default', 'in production', 'meaning'], shared),
    ...own,
    section('Telemetry (every service)', ['variable', 'type', 'default', 'meaning'], telemetryRows()),
    'The `OTEL_EXPORTER_OTLP_*` variables also exist for one signal, such as `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, and take precedence there. The path of an endpoint for one signal is used unchanged.\n',
    ...Object.entries(otherVariables).map(([title, variables]) =>
      section(title, ['variable', 'type', 'default', 'meaning'], variableRows(variables)),
    ),
    section('Alert receiver (`stack/alert-receiver`)', ['variable', 'type', 'default', 'meaning'], receiverRows()),
    section('Configuration files of the servers', ['variable', 'default', 'file', 'meaning'], configFileRows()),
  ].join('\n')
}

/** The names of every variable on the page. */
export function settingNames(): string[] {
  const services = Object.values(serviceSettings).flatMap((shape) => Object.keys(shape(settingFields(true))))
  const others = Object.values(otherVariables).flatMap(Object.keys)
  return [
    ...services,
    ...Object.keys(telemetryMeanings),
    ...others,
    ...Object.keys(receiverRows()),
    ...Object.keys(configFileRows()),
  ]
}

function section(title: string, head: string[], rows: Record<string, string[]>): string {
  const cells = Object.entries(rows).map(([name, row]) => [code(name), ...row])
  return `## ${title}\n\n${table(head, cells)}`
}

function serviceRows(shape: Shape): Record<string, string[]> {
  const [development, production] = [false, true].map((isProduction) => properties(shape, isProduction))
  return Object.fromEntries(
    Object.entries(development ?? {}).map(([name, { type, format, default: value, description = '' }]) => {
      const inProduction = production?.[name] as Property
      const isRequired = value !== undefined && inProduction.default === undefined
      const differs = inProduction.default !== value
      return [
        name,
        [
          format === 'uri' ? 'URL' : type,
          shown(value),
          isRequired
            ? `required${inProduction.minLength ? `, ${inProduction.minLength} characters or more` : ''}`
            : differs
              ? shown(inProduction.default)
              : '',
          description,
        ],
      ]
    }),
  )
}

interface Property {
  type: string
  format?: string
  default?: unknown
  description?: string
  minLength?: number
}

function properties(shape: Shape, isProduction: boolean): Record<string, Property> {
  const schema = z.toJSONSchema(z.object(shape(settingFields(isProduction))), { io: 'input' })
  return schema.properties as unknown as Record<string, Property>
}

/** Lets the telemetry package read invalid values: its warnings name what is valid and the default. */
function telemetryRows(): Record<string, string[]> {
  const names = new Set<string>()
  const env = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get(_, name) {
        if (typeof name !== 'string') return undefined
        names.add(name)
        const isText =
          /_(ENDPOINT|HEADERS|CERTIFICATE|CLIENT_KEY|ATTRIBUTES|RULES)$/.test(name) ||
          /OTLP_(TRACES|METRICS|LOGS)_(?!TEMP)/.test(name)
        return isText || !/^(OTEL|LOG|VITRINE)_/.test(name) ? undefined : '?'
      },
    },
  )
  const recording = recordTelemetry()
  recording.telemetry('docs', { env })
  const warnings = recording.lines().map(({ message }) => String(message))
  const rows = [...names].filter((name) => !/OTLP_(TRACES|METRICS|LOGS)_(?!TEMP)/.test(name)).sort()
  return Object.fromEntries(
    rows.map((name) => {
      const warning = warnings.find((text) => text.startsWith(`${name}=`)) ?? ''
      const [, min, max, numberDefault] = /number from (\S+) to (\S+); using (\S+)/.exec(warning) ?? []
      const [, values = '', valueDefault] = /one of (.+); using (\S+)/.exec(warning) ?? []
      const type =
        min === undefined ? values.split(', ').filter(Boolean).map(code).join(', ') || 'text' : range(min, max)
      const value = numberDefault ?? valueDefault ?? fixedDefaults[name]
      const meaning = telemetryMeanings[name]
      if (meaning === undefined) throw new Error(`docs/reference/variables.ts does not describe ${name}`)
      return [name, [type, value === 'Infinity' ? 'no limit' : shown(value), meaning]]
    }),
  )
}

/** `${env:NAME:-default}` in the files that the servers read. */
function configFileRows(): Record<string, string[]> {
  const files = ['collector.yaml', 'observability/jaeger/jaeger.yaml', 'observability/loki/loki.yaml']
  const found = files.flatMap((file) =>
    [...readFileSync(`${import.meta.dir}/../../${file}`, 'utf8').matchAll(/\$\{(?:env:)?([A-Z_]+):-([^}]*)\}/g)].map(
      ([, name = '', value = '']) => ({ name, value, file }),
    ),
  )
  return Object.fromEntries(
    found.map(({ name, value, file }) => {
      const meaning = configFileMeanings[name]
      if (meaning === undefined) throw new Error(`docs/reference/variables.ts does not describe ${name}`)
      return [name, [code(value), code(file), meaning]]
    }),
  )
}

const fixedDefaults: Record<string, string> = {
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318',
  DEPLOYMENT_ENVIRONMENT: 'production',
}

const range = (min: string, max = '') =>
  Number(max) >= 2 ** 31 - 1 ? `number, ${min} or more` : `number, ${min} to ${max}`

function receiverRows(): Record<string, string[]> {
  const { port, host } = readAlertReceiverSettings({})
  return variableRows({
    RECEIVER_PORT: { type: 'port', default: String(port), meaning: 'Port to listen on' },
    RECEIVER_HOST: { type: 'text', default: host, meaning: 'Address to listen on' },
    CONSOLE_URL: { type: 'URL', meaning: 'The console that also gets the alerts' },
  })
}

const variableRows = (variables: Record<string, Variable>) =>
  Object.fromEntries(
    Object.entries(variables).map(([name, { type, default: value, meaning }]) => [name, [type, shown(value), meaning]]),
  )

const shown = (value: unknown): string =>
  value === undefined || value === ''
    ? ''
    : /^(memory|no limit|`)/.test(String(value))
      ? String(value)
      : code(String(value))
