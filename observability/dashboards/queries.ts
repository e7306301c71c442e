import { emptyReasonPrefix } from './panels'

export interface PanelQuery {
  dashboard: string
  /** Title of the panel, or name of the annotation. */
  panel: string
  /** Uid of its data source. */
  datasource: string
  kind: 'promql' | 'logql' | 'jaeger'
  /** Grafana's variables filled in. For Jaeger: the parameters of `/api/traces?`, without `start` and `end`. */
  query: string
  /** Whether the answer is one moment's, as Grafana would ask: `/api/v1/query` and not `query_range`. */
  isInstant: boolean
  /** Whether no answer is an answer: the panel says so itself (« Vide tant que … »), and annotations always may be. */
  mayBeEmpty: boolean
}

/** What a dashboard's JSON is to us. */
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

/** What Grafana's variables are filled in with; `service` is a regular expression. */
export interface Variables {
  service: string
  texte: string
  __rate_interval: string
  __interval: string
  __range: string
}

const usual: Variables = { service: '.+', texte: '', __rate_interval: '1m', __interval: '15s', __range: '15m' }

/** Every query of every panel and annotation of a dashboard, as its data source would get it. */
export function panelQueriesOf(dashboard: Dashboard, variables: Partial<Variables> = {}): PanelQuery[] {
  const filled = { ...usual, ...variables }
  const ofPanels = (dashboard.panels ?? []).flatMap(({ title = '', description = '', targets = [] }) =>
    targets.map((target) => queryOf(target, title, description.includes(emptyReasonPrefix))),
  )
  const ofAnnotations = (dashboard.annotations?.list ?? []).map(({ name, target = {} }) => queryOf(target, name, true))
  return [...ofPanels, ...ofAnnotations]

  function queryOf(target: Target, panel: string, mayBeEmpty: boolean): PanelQuery {
    const datasource = target.datasource?.uid ?? ''
    const place = { dashboard: dashboard.title, panel, datasource, mayBeEmpty, isInstant: target.instant ?? false }
    if (datasource === 'jaeger') return { ...place, kind: 'jaeger', query: search(target) }
    const kind = datasource === 'loki' ? 'logql' : 'promql'
    return { ...place, kind, query: interpolateVariables(target.expr ?? '', filled) }
  }
}

/** `$name`, `${name}` and `${name:format}`; a name that is not known stays, and then doesn't parse. */
export const interpolateVariables = (query: string, variables: Variables): string =>
  query.replace(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const value = (variables as unknown as Record<string, string>)[braced ?? bare ?? '']
    return value ?? whole
  })

/** Grafana keeps tags as logfmt and asks Jaeger in JSON. */
function search({ service = '', tags = '', limit = 20 }: Target): string {
  const pairs = tags
    .split(' ')
    .filter(Boolean)
    .map((pair) => pair.split('=', 2))
  const json = JSON.stringify(Object.fromEntries(pairs))
  return new URLSearchParams({ service, tags: json, limit: String(limit) }).toString()
}
