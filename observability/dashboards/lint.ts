import { parser as logqlParser } from '@grafana/lezer-logql'
import type { Tree } from '@lezer/common'
import { parser as promqlParser } from '@prometheus-io/lezer-promql'
import { gaugeWindow } from '../slo'
import { dataSources } from './data-sources'
import { isKnownMetric, isPushedGauge } from './metric-names'
import { type Dashboard, type Panel, panelQueriesOf, type Target } from './queries'

/** Fixed windows that are allowed, with the reason. Other queries use `$__rate_interval`, or `$__range` for totals. */
const fixedWindows: Record<string, string> = {
  '30m': 'the window of LowConversion',
  '30s': 'the window of ServiceDown',
  [gaugeWindow]: 'the window for gauges of running services',
}
const uids = new Set<string>(Object.values(dataSources).map(({ uid }) => uid))
/** The newest schema that file provisioning supports. */
const maxSchemaVersion = 42

/** Returns the problems of a dashboard, one sentence each. */
export function lintDashboard(dashboard: Dashboard): string[] {
  const panels = dashboard.panels ?? []
  const drawn = panels.filter(({ type }) => type !== 'row')
  return [
    ...((dashboard.schemaVersion ?? 0) > maxSchemaVersion
      ? [`schema ${dashboard.schemaVersion} is newer than ${maxSchemaVersion}`]
      : []),
    ...duplicateIds(panels),
    ...overlaps(panels),
    ...drawn.flatMap((panel) => panelProblems(panel).map((problem) => `${panel.title}: ${problem}`)),
    ...drawn.flatMap((panel) =>
      (panel.targets ?? []).flatMap((one) => fixedWindowProblems(one).map((c) => `${panel.title}: ${c}`)),
    ),
    ...panelQueriesOf(dashboard).flatMap((one) => queryProblems(one).map((problem) => `${one.panel}: ${problem}`)),
  ]
}

function panelProblems({ title, description, fieldConfig, datasource, targets = [] }: Panel): string[] {
  const missing = { title, description, unit: fieldConfig?.defaults?.unit, query: targets[0]?.refId }
  const refIds = targets.map(({ refId }) => refId)
  return [
    ...Object.entries(missing).flatMap(([what, value]) => (value ? [] : [`has no ${what}`])),
    ...[datasource, ...targets.map((target) => target.datasource)].flatMap((source) =>
      uids.has(source?.uid ?? '') ? [] : [`uses ${source?.uid}, which is not a data source`],
    ),
    ...(new Set(refIds).size === refIds.length ? [] : ['has two queries with the same refId']),
  ]
}

function fixedWindowProblems({ expr = '' }: Target): string[] {
  return [...expr.matchAll(/\[([^\]]+)\]/g)]
    .map(([, window = '']) => window)
    .filter((window) => !['$__rate_interval', '$__range'].includes(window) && !fixedWindows[window])
    .map(
      (window) =>
        `has a fixed window of ${window}: use $__rate_interval, or add it to fixedWindows in dashboards/lint.ts`,
    )
}

function queryProblems({ kind, query }: ReturnType<typeof panelQueriesOf>[number]): string[] {
  if (kind === 'jaeger') return new URLSearchParams(query).get('service') ? [] : ['searches traces without a service']
  const tree = (kind === 'promql' ? promqlParser : logqlParser).parse(query)
  if (query.trim() === '' || hasError(tree)) return [`does not parse: ${query}`]
  if (kind === 'logql') return []
  const metrics = metricsIn(tree, query)
  return [
    ...metrics.filter(({ name }) => !isKnownMetric(name)).map(({ name }) => `uses the unknown metric ${name}`),
    ...metrics
      .filter(({ name, hasWindow }) => isPushedGauge(name) && !hasWindow)
      .map(({ name }) => `counts stopped instances; use last_over_time(${name}[${gaugeWindow}])`),
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

/** The metric names in a query. A name pattern is represented by its beginning. */
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

function duplicateIds(panels: Panel[]): string[] {
  const ids = panels.map(({ id }) => id)
  return ids
    .filter((id, index) => id === undefined || ids.indexOf(id) < index)
    .map((id) => `two panels have the id ${id}`)
}

function overlaps(panels: Panel[]): string[] {
  return panels.flatMap((one, index) =>
    panels.slice(index + 1).flatMap((other) => (overlap(one, other) ? [`${other.title} overlaps ${one.title}`] : [])),
  )
}

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  if (!a || !b) return true
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}
