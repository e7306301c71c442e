import {
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { dataSources } from './data-sources'

/** `$service`: the selected services as a regular expression. `metric` is a metric that all of them have. */
export const serviceVariable = (metric = 'http_server_request_duration_seconds_count') =>
  new QueryVariableBuilder('service')
    .label('Service')
    .datasource(dataSources.prometheus)
    .query({ query: `label_values(${metric}, service_name)`, refId: 'service' })
    .definition(`label_values(${metric}, service_name)`)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ selected: true, text: ['All'], value: ['$__all'] })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)

/** `$text`: a text that log lines must contain; empty matches any line. */
export const textVariable = () => new TextBoxVariableBuilder('text').label('Text in logs').defaultValue('')
