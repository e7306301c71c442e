import type { Endpoints } from '../../stack/endpoints'
import type { StackLinks } from '../../stack/links'
import type { ScenarioRun } from '../verdict'
import { reportLinks, stackStoppedNotice } from './links'
import { formatSeconds, summaryOf, tableHeadings } from './summary'
import { timeline } from './timeline'

/** The report as Markdown. `runbooks` is the base of the runbooks' URLs. Without `links` it does not link into the stack. */
export function renderMarkdown(
  runs: ScenarioRun[],
  endpoints: Endpoints,
  links?: StackLinks,
  runbooks?: string,
): string {
  const summaries = runs.map(summaryOf)
  return [
    `# Fault scenarios: ${summaries.filter(({ ok }) => ok).length} of ${summaries.length} passed`,
    `${startTimeOf(runs)}, ${endpoints.isNative ? 'native stack' : 'stack in containers'}, windows of five minutes and longer divided by ${endpoints.shrink}.`,
    table(summaries.map(({ row }) => row)),
    ...(links ? [] : [stackStoppedNotice]),
    ...runs.map((run) => section(run, links, runbooks)),
  ].join('\n\n')
}

function section(run: ScenarioRun, links: StackLinks | undefined, runbooks: string | undefined): string {
  const { name, title, ok, missing, observations } = summaryOf(run)
  return [
    `## ${ok ? '✓' : '✗'} ${name}`,
    `${title}.`,
    ...(missing.length > 0 ? [list(missing.map((one) => `**${one}**`))] : []),
    list(timeline(run).map(({ atS, text }) => `${formatSeconds(atS)}: ${text}`)),
    list(observations),
    reportLinks(run, links, runbooks)
      .map(({ text, href }) => (href ? `[${text}](${href})` : text))
      .join(' · '),
  ].join('\n\n')
}

const list = (lines: string[]) => lines.map((line) => `- ${line.replaceAll('\n', ' ')}`).join('\n')

const table = (rows: string[][]) =>
  [tableHeadings, tableHeadings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** Date and time of the first onset, in UTC. */
export const startTimeOf = ([first]: ScenarioRun[]): string =>
  new Date(first?.onsetMs ?? Date.now()).toLocaleString('en-US', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
    hour12: false,
  })
