import type { FC } from 'hono/jsx'
import type { AxisAnnotation } from '../annotations/position-on-axis'

const width = 100
const height = 30

/** A small chart of values over time, from 0 up. `label` describes it. */
export const Sparkline: FC<{ values: number[]; label: string; annotations?: AxisAnnotation[] }> = ({
  values,
  label,
  annotations = [],
}) => {
  // A service without requests has a line at 0.
  const drawn = values.length > 0 ? values : [0, 0]
  const max = Math.max(...drawn, 1e-9)
  const step = width / Math.max(1, drawn.length - 1)
  const points = drawn.map(
    (value, index) => `${(index * step).toFixed(1)} ${(height - (value / max) * (height - 2)).toFixed(1)}`,
  )
  const line = `M${points.join('L')}`
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {annotations.map((annotation) => (
        <SparklineAnnotation annotation={annotation} />
      ))}
      <path class="under" d={`${line}L${width} ${height}L0 ${height}Z`} />
      <path d={line} />
    </svg>
  )
}

const SparklineAnnotation: FC<{ annotation: AxisAnnotation }> = ({ annotation: { from, until, color, title } }) => {
  const [x, end] = [from, until].map((share) => (share * width).toFixed(1))
  return (
    <g class={`annotation-${color}`}>
      <title>{title}</title>
      {until > from && (
        <rect class="annotation-period" x={x} width={((until - from) * width).toFixed(1)} height={height} />
      )}
      {from > 0 && <path class="annotation-edge" d={`M${x} 0V${height}`} />}
      {until < 1 && until > from && <path class="annotation-edge" d={`M${end} 0V${height}`} />}
    </g>
  )
}
