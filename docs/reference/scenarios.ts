import { scenarios } from '../../scenarios/catalog'
import type { ExpectedAlert, Scenario } from '../../scenarios/contract'
import { table } from './markdown'

const intro = `# Scenarios

The faults of \`bun run scenario\`, in the order of \`bun run scenario all\`, with the evidence that each must leave. Generated from \`scenarios/catalog/\` by \`bun run generate\`. [Write a scenario](../guide/write-a-scenario.md) explains how they run and how orders are audited.

Seconds are deadlines: for an alert to fire after the onset, and to be resolved after the end. Alerts marked \`--shrink\` fire in time only on a stack with shorter windows.
`

/** The list of scenarios with their alerts and deadlines, as Markdown. */
export function scenariosPage(): string {
  return `${intro}
${table(['scenario', 'what happens', 'alerts: fires / resolved within', 'evidence'], scenarios.map(rowOf))}`
}

function rowOf({ name, title, alerts, ...rest }: Scenario): string[] {
  return [
    `[${name}](../../scenarios/catalog/${name}.ts)`,
    title,
    alerts.map(alertText).join('<br>'),
    evidenceOf(rest).join('<br>'),
  ]
}

function alertText({ name, labels, firingWithinS, resolvedWithinS, requiresShrink }: ExpectedAlert): string {
  const resolved = resolvedWithinS ? `${resolvedWithinS} s` : 'not awaited'
  const notes = [...Object.values(labels ?? {}), ...(requiresShrink ? ['`--shrink`'] : [])].join(', ')
  return `[${name}](../runbooks/${name}.md)${notes ? ` (${notes})` : ''}: ${firingWithinS} s / ${resolved}`
}

function evidenceOf({ span, log, sli, shoppersUnaffected, minHistoryS }: Partial<Scenario>): string[] {
  return [
    ...(span ? [`span of ${span.service}`] : []),
    ...(log ? [`log \`${log}\``] : []),
    ...(sli ? [`${sli.sli} of ${sli.service} above ${sli.above * 100} % bad`] : []),
    ...(shoppersUnaffected ? ['shoppers unaffected'] : []),
    ...(minHistoryS ? [`${minHistoryS} s of normal load before`] : []),
  ]
}
