import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Locale } from './locale'
import { link } from './paths'

/** The period that a page shows. */
export interface TimeWindow {
  seconds: number
  fromUs: number
  toUs: number
}

const windowsS = [300, 900, 3600]
const defaultWindowS = 900

/** The last `?window=` seconds: 300, 900 or 3600. */
export function timeWindowOf(c: Context): TimeWindow {
  const requestedS = Number(c.req.query('window'))
  const seconds = windowsS.includes(requestedS) ? requestedS : defaultWindowS
  const toUs = Date.now() * 1000
  return { seconds, fromUs: toUs - seconds * 1_000_000, toUs }
}

/** Links to the same page with other periods. */
export const TimeWindowTabs: FC<{
  locale: Locale
  path: string
  query: Record<string, string>
  window: TimeWindow
}> = ({ locale: { messages }, path, query, window }) => (
  <nav class="tabs" aria-label={messages.window}>
    {windowsS.map((seconds) => (
      <a
        href={link(path, { ...query, window: seconds })}
        aria-current={seconds === window.seconds ? 'page' : undefined}
      >
        {messages.windows[seconds]}
      </a>
    ))}
  </nav>
)
