/** Writes docs/telemetry.md from what the layer and the services declare: `bun run generate`. */
import { builtInDeclarations, type Declarations, type MetricDeclaration } from '@vitrine/telemetry'
import { ownDeclarations } from '../services/declarations'
import { commonDeclarations } from '../src/declarations'

const intro = `# What Vitrine says

Generated from \`telemetry/built-in-declarations.ts\`, \`src/declarations.ts\` and each service's \`signals.ts\` by \`bun run generate\`: change those.
A test fails on any exported name, unit, label, attribute or value that is not here.

Every signal carries the resource: \`service.name\`, \`service.namespace\`, \`service.version\`, \`service.instance.id\`, \`deployment.environment.name\`, \`host.name\`, \`process.pid\`, \`process.runtime.name\`, \`process.runtime.version\`, \`telemetry.sdk.*\`, and what \`OTEL_RESOURCE_ATTRIBUTES\` adds.
`

const parts = [
  section('Every service: the telemetry layer', builtInDeclarations),
  section('Every service: what Vitrine adds', commonDeclarations),
  ...Object.entries(ownDeclarations).map(([service, own]) => section(service, own)),
]
await Bun.write(new URL('telemetry.md', import.meta.url), [intro, ...parts].join('\n'))

function section(title: string, { metrics, spans, events, attributes }: Declarations): string {
  return [
    `## ${title}\n`,
    table(
      ['metric', 'kind', 'unit', 'what', 'attributes'],
      Object.values(metrics).map((one) => [
        code(one.name),
        kindOf(one),
        code(one.unit),
        one.description,
        attributesOf(one),
      ]),
    ),
    table(
      ['span', 'kind', 'what'],
      Object.entries(spans).map(([name, { kind, description }]) => [code(name), kind, description]),
    ),
    table(
      ['log event', 'what'],
      Object.entries(events).map(([name, description]) => [code(name), description]),
    ),
    table(
      ['attribute', 'type', 'unit', 'what', 'values'],
      Object.entries(attributes).map(([key, { type, unit, description, values }]) => [
        code(key),
        type,
        unit ? code(unit) : '',
        description,
        (values ?? []).map((value) => code(String(value))).join(' '),
      ]),
    ),
  ]
    .filter(Boolean)
    .join('\n')
}

function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return ''
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return `${[head, head.map(() => '---'), ...rows].map(line).join('\n')}\n`
}

function kindOf(metric: MetricDeclaration): string {
  const names = { counter: 'counter', upDownCounter: 'up-down counter', histogram: 'histogram', gauge: 'gauge' }
  if (metric.kind !== 'histogram') return names[metric.kind]
  return `histogram: ${metric.buckets.join(' ')}`
}

function attributesOf({ attributes = {} }: MetricDeclaration): string {
  return Object.entries(attributes)
    .map(
      ([key, values]) =>
        `${code(key)} (${typeof values === 'string' ? values : values.map((one) => code(String(one))).join(' ')})`,
    )
    .join(', ')
}

function code(text: string): string {
  return `\`${text}\``
}
