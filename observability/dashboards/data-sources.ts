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

/** A query of a panel, before it has its letter. */
export interface Query {
  source: keyof typeof dataSources
  /** `refId` is the name by which transformations and overrides know its result. */
  build: (refId: string) => Builder<Dataquery>
}

/** A curve a series, over the page's time range. With `exemplars`, dots that lead to traces. */
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

/** One number a series, now. */
export function promqlInstant(expr: string, legend = ''): Query {
  const build = (refId: string) =>
    new PrometheusQuery().datasource(dataSources.prometheus).refId(refId).expr(expr).legendFormat(legend).instant()
  return { source: 'prometheus', build }
}

/** One row a series, now, with a column a label. */
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

/** Traces of a service. `tags` is logfmt, as Grafana's own form takes it: `error=true`. */
export function jaegerTraces(service: string, tags: string): Query {
  const query = { datasource: dataSources.jaeger, queryType: 'search', service, tags, limit: 20 }
  // The SDK has no builder for Jaeger's queries.
  return { source: 'jaeger', build: (refId) => ({ build: () => ({ ...query, refId }) as unknown as Dataquery }) }
}
