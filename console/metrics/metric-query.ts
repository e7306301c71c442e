/** The query parameters of the metrics page. */
export interface MetricQuery {
  /** The instrument to show, or '' for the list. */
  name: string
  text: string
  service: string
}
