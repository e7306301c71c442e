/** Placeholders that Prometheus fills in, written as French writes numbers. */
const comma = '| reReplaceAll "[.]" ","'

export const service = '{{ $labels.service_name }}'
export const label = (name: string): string => `{{ $labels.${name} }}`

export const value = {
  /** 0.123 → 12,3 % */
  percent: `{{ $value | humanizePercentage ${comma} | reReplaceAll "%" "\u202f%" }}`,
  /** 0.5231 → 523,1 ms */
  duration: `{{ $value | humanizeDuration ${comma} | reReplaceAll "([0-9])([a-z])" "$1\u00a0$2" }}`,
  /** 12.34 → 12,3 */
  decimal: `{{ $value | printf "%.1f" ${comma} }}`,
  /** 12.34 → 12 */
  whole: '{{ $value | printf "%.0f" }}',
}
