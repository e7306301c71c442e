import { alerts, runbookUrl } from '../../observability/alerts'
import { t } from '../../src/typography'
import type { StackLinks } from '../../stack/links'
import type { ScenarioRun } from '../verdict'

export interface Link {
  text: string
  /** Nothing where what it would lead to has ended with the run. */
  href?: string | undefined
}

const aroundMs = 60_000

/** What stands in a report whose stack has ended with its run: nothing of it can be opened. */
export const stackStoppedNotice = t`La pile de ce passage s'est arrêtée avec lui, ses traces et ses lignes aussi. Pour les ouvrir depuis le rapport : bun run stack --shrink 60 et bun run dev avant bun run scenario.`

/** Where one reads on: the trace, its lines, the alerts as curves, and what to do about them; without `pages`, what to look for. */
export function reportLinks(
  { scenario, onsetMs, endMs, watched, evidence }: ScenarioRun,
  pages?: StackLinks,
  runbooks?: string,
): Link[] {
  const names = [...new Set(watched.map(({ expected }) => expected.name))]
  const { trace, line } = evidence
  const firing = `ALERTS{alertname=~"${names.join('|')}"}`
  const around = { fromMs: onsetMs - aroundMs, toMs: endMs + aroundMs }
  return [
    ...(trace && pages ? [{ text: `la trace ${trace.id}`, href: pages.trace(trace.id) }] : []),
    ...(scenario.log
      ? [
          {
            text: pages && line ? 'les lignes' : t`les lignes : ${scenario.log}`,
            href: line && pages?.logs({ ...line, query: scenario.log }, { fromMs: onsetMs, toMs: endMs }),
          },
        ]
      : []),
    { text: pages ? 'les alertes' : t`les alertes : ${firing}`, href: pages?.graph(firing, around) },
    ...names.map((name) => ({ text: t`que faire : ${name}`, href: runbookOf(name, runbooks) })),
  ]
}

function runbookOf(name: string, base: string | undefined): string | undefined {
  const alert = alerts.find((one) => one.name === name)
  return alert && runbookUrl(alert, base)
}
