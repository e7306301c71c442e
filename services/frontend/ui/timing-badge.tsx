import type { FC } from 'hono/jsx'
import { currentTiming } from '../../../src/server-timing'
import { fr } from '../messages/fr'

/** For developers: how long this page took, how many statements it made, and its trace. Nothing in production. */
export const TimingBadge: FC = () => {
  const costs = currentTiming()
  if (!costs) return null
  const { durationMs, queries, traceUrl } = costs
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
