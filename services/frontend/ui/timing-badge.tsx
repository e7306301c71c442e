import type { FC } from 'hono/jsx'
import { currentTiming } from '../../../src/server-timing'
import { fr } from '../messages/fr'

/** For development: the duration, the number of SQL statements and the trace of this page. */
export const TimingBadge: FC = () => {
  const timing = currentTiming()
  if (!timing) return null
  const { durationMs, queries, traceUrl } = timing
  return (
    <p class="badge-costs">
      {fr.badge.took(Math.round(durationMs))} · {fr.badge.queries(queries)}
      {traceUrl && (
        <>
          {' · '}
          <a href={traceUrl}>{fr.badge.trace}</a>
        </>
      )}
    </p>
  )
}
