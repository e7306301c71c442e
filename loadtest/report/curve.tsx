import type { FC } from 'hono/jsx'
import { formatMs, formatNumber } from './format'
import type { LoadTestSummary } from './summary'

const [width, height, left, bottom, top] = [420, 200, 56, 28, 12]

/** A chart of the 95th percentile over the rate of arrivals, with the limit. It rises where the capacity is exceeded. */
export const Curve: FC<{ stairs: LoadTestSummary['stairs']; limitMs: number }> = ({ stairs, limitMs }) => {
  const maxRate = Math.max(...stairs.map(({ rate }) => rate))
  const maxMs = Math.max(limitMs * 1.2, ...stairs.map(({ p95_ms }) => p95_ms))
  const x = (rate: number) => left + (rate / maxRate) * (width - left - 12)
  const y = (ms: number) => height - bottom - (ms / maxMs) * (height - bottom - top)
  const points = stairs.map(({ rate, p95_ms }) => `${x(rate).toFixed(1)},${y(p95_ms).toFixed(1)}`)
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label="95th percentile per stair">
      <line class="axis" x1={left} y1={y(0)} x2={width - 12} y2={y(0)} />
      <line class="limit" x1={left} y1={y(limitMs)} x2={width - 12} y2={y(limitMs)} />
      <text class="label end" x={left - 6} y={y(limitMs) + 4}>
        {formatMs(limitMs)}
      </text>
      <polyline class="curve" points={points.join(' ')} />
      {stairs.map(({ rate, p95_ms, ok }) => (
        <>
          <circle class={ok ? 'point' : 'point bad'} cx={x(rate)} cy={y(p95_ms)} r="4">
            <title>{`${formatNumber(rate)} journeys/s: ${formatMs(p95_ms)}`}</title>
          </circle>
          <text class="label middle" x={x(rate)} y={height - 8}>
            {formatNumber(rate)}
          </text>
        </>
      ))}
    </svg>
  )
}
