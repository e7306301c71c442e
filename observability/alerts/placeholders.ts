/** Placeholders of Prometheus' templates for summaries and descriptions. */
export const service = '{{ $labels.service_name }}'
export const label = (name: string): string => `{{ $labels.${name} }}`

export const value = {
  /** 0.123 → 12.3% */
  percent: '{{ $value | humanizePercentage }}',
  /** 0.5231 → 523.1 ms */
  duration: '{{ $value | humanizeDuration | reReplaceAll "([0-9])([a-z])" "$1 $2" }}',
  /** 12.34 → 12.3 */
  decimal: '{{ $value | printf "%.1f" }}',
  /** 12.34 → 12 */
  whole: '{{ $value | printf "%.0f" }}',
}
