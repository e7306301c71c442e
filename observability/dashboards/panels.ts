import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge'
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  type DataSourceRef,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LogsSortOrder,
  ReduceDataOptionsBuilder,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { type Panel, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as Logs } from '@grafana/grafana-foundation-sdk/logs'
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries'
import { dataSources, type Query } from './data-sources'

export interface PanelSpec {
  title: string
  /** What the panel shows and how to interpret it. */
  description: string
  /** A Grafana unit: `s`, `percentunit`, `reqps`, `suffix: …`. */
  unit: string
  queries: Query[]
  /** In columns; a row has 24. */
  width: number
  height?: number
  /** Why the panel may be empty ("Empty while …"). Without it, `validate` requires data. */
  emptyWhile?: string
  /** Ascending thresholds with their colors. */
  steps?: [from: number, color: string][]
  decimals?: number
}

/** The beginning of the description’s sentence with `emptyWhile`; `panelQueriesOf` searches for it. */
export const emptyReasonPrefix = 'Empty while '

/** Lines over time. */
export function timeSeries(spec: PanelSpec): TimeSeries {
  const panel = withCommonOptions(new TimeSeries(), spec)
    .lineWidth(1)
    .fillOpacity(8)
    .min(0)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
  if (!spec.steps) return panel
  return panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
}

/** One large number per series. */
export function stat(spec: PanelSpec): Stat {
  return withCommonOptions(new Stat(), { height: 4, ...spec })
    .reduceOptions(lastValue())
    .colorMode(spec.steps ? BigValueColorMode.Value : BigValueColorMode.None)
}

/** One bar per series, in the order of the query. */
export function barGauge(spec: PanelSpec): BarGauge {
  return withCommonOptions(new BarGauge(), spec)
    .reduceOptions(lastValue())
    .displayMode(BarGaugeDisplayMode.Basic)
    .orientation(VizOrientation.Horizontal)
    .min(0)
}

export function table(spec: PanelSpec): Table {
  return withCommonOptions(new Table(), spec)
}

/** Log lines, newest first. A line expands to its fields; `trace_id` links to its trace. */
export function logs(spec: PanelSpec): Logs {
  return withCommonOptions(new Logs(), spec)
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(LogsSortOrder.Descending)
}

interface AnyPanel extends Builder<Panel> {
  title(text: string): this
  description(text: string): this
  unit(unit: string): this
  decimals(count: number): this
  datasource(source: DataSourceRef): this
  span(width: number): this
  height(height: number): this
  withTarget(query: Builder<Dataquery>): this
  thresholds(config: ThresholdsConfigBuilder): this
}

/** Sets the options that all panels have. */
export function withCommonOptions<P extends AnyPanel>(panel: P, spec: PanelSpec): P {
  const { emptyWhile, queries, steps = [], decimals } = spec
  const colors = [{ value: null, color: 'green' }, ...steps.map(([value, color]) => ({ value, color }))]
  panel
    .title(spec.title)
    .description(emptyWhile ? `${spec.description} ${emptyReasonPrefix}${emptyWhile}.` : spec.description)
    .unit(spec.unit)
    .datasource(dataSources[queries[0]?.source ?? 'prometheus'])
    .span(spec.width)
    .height(spec.height ?? 8)
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(colors))
  if (decimals !== undefined) panel.decimals(decimals)
  queries.forEach((query, index) => {
    panel.withTarget(query.build(refId(index)))
  })
  return panel
}

export const refId = (index: number): string => String.fromCharCode(65 + index)

const lastValue = () => new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false)
