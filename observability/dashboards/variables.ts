import {
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { t } from '../../src/typography'
import { dataSources } from './data-sources'

/** Which services a page is about: `$service`, a regular expression. `metric` is one that all of them have. */
export const serviceVariable = (metric = 'http_server_request_duration_seconds_count') =>
  new QueryVariableBuilder('service')
    .label(t`Service`)
    .datasource(dataSources.prometheus)
    .query({ query: `label_values(${metric}, service_name)`, refId: 'service' })
    .definition(`label_values(${metric}, service_name)`)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ selected: true, text: ['All'], value: ['$__all'] })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)

/** A text that log lines must contain: `$texte`; empty is any. */
export const textVariable = () => new TextBoxVariableBuilder('texte').label(t`Texte dans les journaux`).defaultValue('')
