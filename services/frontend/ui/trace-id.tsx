import type { FC } from 'hono/jsx'
import { fr } from '../messages/fr'

/** The number people quote when something went wrong. */
export const TraceId: FC<{ id: string }> = ({ id }) => (
  <p class="trace">
    {fr.problem.quote} <code>{id}</code>
  </p>
)
