import type { FC } from 'hono/jsx'
import { fr } from '../messages/fr'

/** The trace id, which shoppers quote when they report a problem. */
export const TraceId: FC<{ id: string }> = ({ id }) => (
  <p class="trace">
    {fr.problem.quote} <code>{id}</code>
  </p>
)
