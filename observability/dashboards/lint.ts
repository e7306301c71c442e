import { parser as logqlParser } from '@grafana/lezer-logql'
import type { Tree } from '@lezer/common'
import { parser as promqlParser } from '@prometheus-io/lezer-promql'
import { gaugeWindow } from '../slo'
import { dataSources } from './data-sources'
import { isKnownMetric, isPushedGauge } from './metric-names'
import { type Dashboard, type Panel, panelQueriesOf, type Target } from './queries'

/** Windows that a query may fix, and why; all others follow the page: `$__rate_interval`, or `$__range` for totals. */
const fixedWindows: Record<string, string> = {
  '30m': 'LowConversion judges conversion over 30 minutes',
  '30s': 'ServiceDown: seen within 30 seconds',
  [gaugeWindow]: 'a gauge of a service that is still there',
}
const uids = new Set<string>(Object.values(dataSources).map(({ uid }) => uid))
/** The last schema that file provisioning takes. */
const lastSchema = 42

/** What is wrong with a dashboard, a sentence each; nothing when all is well. */
export function lintDashboard(dashboard: Dashboard): string[] {
  const panels = dashboard.panels ?? []
  const drawn = panels.filter(({ type }) => type !== 'row')
  return [
    ...((dashboard.schemaVersion ?? 0) > lastSchema
      ? [`schema ${dashboard.schemaVersion} is newer than ${lastSchema}`]
      : []),
    ...doubles(panels),
    ...overlaps(panels),
    ...drawn.flatMap((panel) => wordsOf(panel).map((complaint) => `${panel.title}: ${complaint}`)),
    ...drawn.flatMap((panel) =>
      (panel.targets ?? []).flatMap((one) => windows(one).map((c) => `${panel.title}: ${c}`)),
    ),
    ...panelQueriesOf(dashboard).flatMap((one) =>
      queryComplaints(one).map((complaint) => `${one.panel}: ${complaint}`),
    ),
  ]
}

function wordsOf({ title, description, fieldConfig, datasource, targets = [] }: Panel): string[] {
  const missing = { title, description, unit: fieldConfig?.defaults?.unit, query: targets[0]?.refId }
  const refIds = targets.map(({ refId }) => refId)
  return [
    ...Object.entries(missing).flatMap(([what, value]) => (value ? [] : [`has no ${what}`])),
    ...[datasource, ...targets.map((target) => target.datasource)].flatMap((source) =>
      uids.has(source?.uid ?? '') ? [] : [`asks ${source?.uid}, which is no data source`],
    ),
    ...(new Set(refIds).size === refIds.length ? [] : ['has two queries of one name']),
  ]
}

function windows({ expr = '' }: Target): string[] {
  return [...expr.matchAll(/\[([^\]]+)\]/g)]
    .map(([, window = '']) => window)
    .filter((window) => !['$__rate_interval', '$__range'].includes(window) && !fixedWindows[window])
    .map((window) => `fixes its window at ${window}`)
}

function queryComplaints({ kind, query }: ReturnType<typeof panelQueriesOf>[number]): string[] {
  if (kind === 'jaeger') return new URLSearchParams(query).get('service') ? [] : ['asks for traces of no service']
  const tree = (kind === 'promql' ? promqlParser : logqlParser).parse(query)
  if (query.trim() === '' || hasError(tree)) return [`does not parse: ${query}`]
  if (kind === 'logql') return []
  const metrics = metricsIn(tree, query)
  return [
    ...metrics.filter(({ name }) => !isKnownMetric(name)).map(({ name }) => `nobody says ${name}`),
    ...metrics
      .filter(({ name, hasWindow }) => isPushedGauge(name) && !hasWindow)
      .map(({ name }) => `counts the dead: last_over_time(${name}[${gaugeWindow}])`),
  ]
}

function hasError(tree: Tree): boolean {
  let isBroken = false
  tree.iterate({
    enter: (node) => {
      isBroken ||= node.type.isError
    },
  })
  return isBroken
}

/** Names of metrics in a query. One that is chosen by a pattern is judged by how the pattern begins. */
function metricsIn(tree: Tree, query: string): { name: string; hasWindow: boolean }[] {
  const metrics: { name: string; hasWindow: boolean }[] = []
  tree.iterate({
    enter: (node) => {
      if (node.name !== 'VectorSelector') return
      const named = node.node.getChild('Identifier')
      const byPattern = /__name__=~?"([^"(]+)/.exec(query.slice(node.from, node.to))?.[1]
      metrics.push({
        name: named ? query.slice(named.from, named.to) : (byPattern ?? '(any metric)'),
        hasWindow: node.node.parent?.name === 'MatrixSelector',
      })
    },
  })
  return metrics
}

function doubles(panels: Panel[]): string[] {
  const ids = panels.map(({ id }) => id)
  return ids
    .filter((id, index) => id === undefined || ids.indexOf(id) < index)
    .map((id) => `two panels have the id ${id}`)
}

function overlaps(panels: Panel[]): string[] {
  return panels.flatMap((one, index) =>
    panels.slice(index + 1).flatMap((other) => (areOver(one, other) ? [`${other.title} lies over ${one.title}`] : [])),
  )
}

function areOver({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  if (!a || !b) return true
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}
