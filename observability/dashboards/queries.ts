import { emptyReasonPrefix } from './panels'

export interface PanelQuery {
  dashboard: string
  /** Title of the panel, or name of the annotation. */
  panel: string
  /** Uid of its data source. */
  datasource: string
  kind: 'promql' | 'logql' | 'jaeger'
  /** With interpolated variables. For Jaeger: the parameters of `/api/traces?`, without `start` and `end`. */
  query: string
  /** Whether Grafana sends an instant query: `/api/v1/query` and not `query_range`. */
  isInstant: boolean
  /** Whether an empty result is normal: the panel’s description says so ("Empty while …"), or it is an annotation. */
  mayBeEmpty: boolean
}

/** The parts of a dashboard’s JSON that are read here. */
export interface Dashboard {
  title: string
  uid?: string | undefined
  schemaVersion?: number | undefined
  panels?: Panel[] | undefined
  annotations?: { list?: Annotation[] | undefined } | undefined
}
export interface Panel {
  id?: number | undefined
  type: string
  title?: string | undefined
  description?: string | undefined
  datasource?: Source | undefined
  gridPos?: { x: number; y: number; w: number; h: number } | undefined
  fieldConfig?: { defaults?: { unit?: string | undefined } } | undefined
  targets?: Target[] | undefined
}
export interface Target {
  refId?: string | undefined
  datasource?: Source | undefined
  expr?: string | undefined
  instant?: boolean | undefined
  service?: string | undefined
  tags?: string | undefined
  limit?: number | undefined
}
interface Source {
  uid?: string | undefined
}
interface Annotation {
  name: string
  datasource?: Source | undefined
  target?: Target | undefined
}

/** Values of Grafana’s variables; `service` is a regular expression. */
export interface Variables {
  service: string
  text: string
  __rate_interval: string
  __interval: string
  __range: string
}

const defaults: Variables = { service: '.+', text: '', __rate_interval: '1m', __interval: '15s', __range: '15m' }

/** All queries of a dashboard’s panels and annotations, as their data sources get them. */
export function panelQueriesOf(dashboard: Dashboard, variables: Partial<Variables> = {}): PanelQuery[] {
  const values = { ...defaults, ...variables }
  const ofPanels = (dashboard.panels ?? []).flatMap(({ title = '', description = '', targets = [] }) =>
    targets.map((target) => queryOf(target, title, description.includes(emptyReasonPrefix))),
  )
  const ofAnnotations = (dashboard.annotations?.list ?? []).map(({ name, target = {} }) => queryOf(target, name, true))
  return [...ofPanels, ...ofAnnotations]

  function queryOf(target: Target, panel: string, mayBeEmpty: boolean): PanelQuery {
    const datasource = target.datasource?.uid ?? ''
    const common = { dashboard: dashboard.title, panel, datasource, mayBeEmpty, isInstant: target.instant ?? false }
    if (datasource === 'jaeger') return { ...common, kind: 'jaeger', query: search(target) }
    const kind = datasource === 'loki' ? 'logql' : 'promql'
    return { ...common, kind, query: interpolateVariables(target.expr ?? '', values) }
  }
}

/** `$name`, `${name}` and `${name:format}`; an unknown name stays, and the query does not parse. */
export const interpolateVariables = (query: string, variables: Variables): string =>
  query.replace(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const value = (variables as unknown as Record<string, string>)[braced ?? bare ?? '']
    return value ?? whole
  })

/** Grafana stores tags as logfmt and sends them to Jaeger as JSON. */
function search({ service = '', tags = '', limit = 20 }: Target): string {
  const pairs = tags
    .split(' ')
    .filter(Boolean)
    .map((pair) => pair.split('=', 2))
  const json = JSON.stringify(Object.fromEntries(pairs))
  return new URLSearchParams({ service, tags: json, limit: String(limit) }).toString()
}
