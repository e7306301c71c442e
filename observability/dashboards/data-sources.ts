import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import { DataqueryBuilder as LokiQuery } from '@grafana/grafana-foundation-sdk/loki'
import { DataqueryBuilder as PrometheusQuery, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'

/** The data sources of `grafana-provisioning/datasources/`, by uid. */
export const dataSources = {
  prometheus: { type: 'prometheus', uid: 'prometheus' },
  loki: { type: 'loki', uid: 'loki' },
  jaeger: { type: 'jaeger', uid: 'jaeger' },
  alertmanager: { type: 'alertmanager', uid: 'alertmanager' },
} as const

/** A query of a panel, before it gets its `refId`. */
export interface Query {
  source: keyof typeof dataSources
  /** Transformations and overrides refer to the result by `refId`. */
  build: (refId: string) => Builder<Dataquery>
}

/** A range query over the dashboard’s time range. With `exemplars`, dots link to traces. */
export function promql(expr: string, legend: string, { exemplars = false } = {}): Query {
  return {
    source: 'prometheus',
    build: (refId) =>
      new PrometheusQuery()
        .datasource(dataSources.prometheus)
        .refId(refId)
        .expr(expr)
        .legendFormat(legend)
        .range()
        .exemplar(exemplars),
  }
}

/** An instant query: one value per series. */
export function promqlInstant(expr: string, legend = ''): Query {
  const build = (refId: string) =>
    new PrometheusQuery().datasource(dataSources.prometheus).refId(refId).expr(expr).legendFormat(legend).instant()
  return { source: 'prometheus', build }
}

/** An instant query as a table: one row per series, one column per label. */
export function promqlTable(expr: string): Query {
  const build = (refId: string) =>
    new PrometheusQuery()
      .datasource(dataSources.prometheus)
      .refId(refId)
      .expr(expr)
      .format(PromQueryFormat.Table)
      .instant()
  return { source: 'prometheus', build }
}

export function logql(expr: string): Query {
  const build = (refId: string) =>
    new LokiQuery().datasource(dataSources.loki).refId(refId).expr(expr).queryType('range').maxLines(200)
  return { source: 'loki', build }
}

/** Traces of a service. `tags` is logfmt, as in Grafana’s query editor: `error=true`. */
export function jaegerTraces(service: string, tags: string): Query {
  const query = { datasource: dataSources.jaeger, queryType: 'search', service, tags, limit: 20 }
  // The SDK has no builder for Jaeger queries.
  return { source: 'jaeger', build: (refId) => ({ build: () => ({ ...query, refId }) as unknown as Dataquery }) }
}
