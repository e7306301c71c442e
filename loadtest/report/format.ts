const threeDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 })
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 2 })

/** Three digits below 1000, whole numbers above. */
export const formatNumber = (value: number): string => (value < 1000 ? threeDigits : whole).format(value)
export const formatPercent = (ratio: number): string => percent.format(ratio)
export const formatMs = (ms: number): string => `${formatNumber(ms)} ms`

/** Formats a threshold's metric in its unit. */
export function formatMetricValue(metric: string, value: number): string {
  if (metric.startsWith('http_req_duration')) return formatMs(value)
  return /^(checks|journeys|http_req_failed)/.test(metric) ? formatPercent(value) : formatNumber(value)
}
