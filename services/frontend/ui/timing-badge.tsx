import type { FC } from 'hono/jsx'
import { currentTiming } from '../../../src/server-timing'
import { useMessages } from '../messages/messages'

/** For development: the duration, the number of SQL statements and the trace of this page. */
export const TimingBadge: FC = () => {
  const { badge } = useMessages()
  const timing = currentTiming()
  if (!timing) return null
  const { durationMs, queries, traceUrl } = timing
  return (
    <p class="badge-costs">
      {badge.took(Math.round(durationMs))} · {badge.queries(queries)}
      {traceUrl && (
        <>
          {' · '}
          <a href={traceUrl}>{badge.trace}</a>
        </>
      )}
    </p>
  )
}
