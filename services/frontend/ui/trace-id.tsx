import type { FC } from 'hono/jsx'
import { useMessages } from '../messages/messages'

/** The trace id, which shoppers quote when they report a problem. */
export const TraceId: FC<{ id: string }> = ({ id }) => (
  <p class="trace">
    {useMessages().problem.quote} <code>{id}</code>
  </p>
)
