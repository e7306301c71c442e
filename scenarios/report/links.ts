import { alerts } from '../../observability/alerts'
import { runbookUrl } from '../../observability/runbooks'
import type { StackLinks } from '../../stack/links'
import type { ScenarioRun } from '../verdict'

export interface Link {
  text: string
  /** `undefined` where the stack that it leads to has stopped. */
  href?: string | undefined
}

const marginMs = 60_000

export const stackStoppedNotice =
  'The stack of this run has stopped, so its traces and log records are gone. To open them from the report, start bun run stack --shrink 60 and bun run dev before bun run scenario.'

/** Links to the trace, its log records, the alerts as a graph, and the runbooks. Without `links`, texts name what to search for. */
export function reportLinks(
  { scenario, onsetMs, endMs, watched, evidence }: ScenarioRun,
  links?: StackLinks,
  runbooks?: string,
): Link[] {
  const names = [...new Set(watched.map(({ expected }) => expected.name))]
  const { trace, line } = evidence
  const firing = `ALERTS{alertname=~"${names.join('|')}"}`
  const range = { fromMs: onsetMs - marginMs, toMs: endMs + marginMs }
  return [
    ...(trace && links ? [{ text: `trace ${trace.id}`, href: links.trace(trace.id) }] : []),
    ...(scenario.log
      ? [
          {
            text: links && line ? 'log records' : `log records: ${scenario.log}`,
            href: line && links?.logs({ ...line, query: scenario.log }, { fromMs: onsetMs, toMs: endMs }),
          },
        ]
      : []),
    { text: links ? 'alerts' : `alerts: ${firing}`, href: links?.graph(firing, range) },
    ...names.map((name) => ({ text: `runbook: ${name}`, href: runbookUrlOf(name, runbooks) })),
  ]
}

function runbookUrlOf(name: string, base: string | undefined): string | undefined {
  if (!alerts.some((alert) => alert.name === name)) return undefined
  // A base is a folder in the repository, where runbooks are files.
  return base === undefined ? runbookUrl({ name }) : `${base.replace(/\/*$/, '/')}${name}.md`
}
