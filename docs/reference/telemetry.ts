import { builtInDeclarations, type Declarations, type MetricDeclaration } from '@vitrine/telemetry'
import { ownDeclarations } from '../../services/declarations'
import { commonDeclarations } from '../../src/declarations'
import { code, table } from './markdown'

const intro = `# Telemetry

Every metric, span, log event and attribute that the services emit. \`bun run generate\` writes this page from \`telemetry/built-in-declarations.ts\`, \`src/declarations.ts\` and each service's \`declarations.ts\`. Tests fail on any exported name, unit, label, attribute or value that is not declared there.

Every signal carries the resource attributes \`service.name\`, \`service.namespace\`, \`service.version\`, \`service.instance.id\`, \`deployment.environment.name\`, \`host.name\`, \`process.pid\`, \`process.runtime.name\`, \`process.runtime.version\`, \`telemetry.sdk.*\`, and those of \`OTEL_RESOURCE_ATTRIBUTES\`.
`

/** Every metric, span, log event and attribute that the telemetry package and the services declare. */
export function telemetryPage(): string {
  const sections = [
    section('Every service: the telemetry package', builtInDeclarations),
    section('Every service: what Vitrine adds', commonDeclarations),
    ...Object.entries(ownDeclarations).map(([service, own]) => section(service, own)),
  ]
  return [intro, ...sections].join('\n')
}

function section(title: string, { metrics, spans, events, attributes }: Declarations): string {
  return [
    `## ${title}\n`,
    table(
      ['metric', 'kind', 'unit', 'meaning', 'attributes'],
      Object.values(metrics).map((one) => [
        code(one.name),
        kindOf(one),
        code(one.unit),
        one.description,
        labelsOf(one),
      ]),
    ),
    table(
      ['span', 'kind', 'meaning'],
      Object.entries(spans).map(([name, { kind, description }]) => [code(name), kind, description]),
    ),
    table(
      ['log event', 'meaning'],
      Object.entries(events).map(([name, description]) => [code(name), description]),
    ),
    table(
      ['attribute', 'type', 'unit', 'meaning', 'values'],
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

function kindOf(metric: MetricDeclaration): string {
  const names = { counter: 'counter', upDownCounter: 'up-down counter', histogram: 'histogram', gauge: 'gauge' }
  if (metric.kind !== 'histogram') return names[metric.kind]
  return `histogram: ${metric.buckets.join(' ')}`
}

function labelsOf({ attributes = {} }: MetricDeclaration): string {
  return Object.entries(attributes)
    .map(
      ([key, values]) =>
        `${code(key)} (${typeof values === 'string' ? values : values.map((one) => code(String(one))).join(' ')})`,
    )
    .join(', ')
}
