import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Locale } from './locale'
import { link } from './paths'

/** The stretch of time that a page shows. */
export interface TimeWindow {
  seconds: number
  fromUs: number
  toUs: number
}

const choices = [300, 900, 3600]
const usual = 900

/** The last `?window=` seconds: 300, 900 or 3600. */
export function timeWindowOf(c: Context): TimeWindow {
  const asked = Number(c.req.query('window'))
  const seconds = choices.includes(asked) ? asked : usual
  const toUs = Date.now() * 1000
  return { seconds, fromUs: toUs - seconds * 1_000_000, toUs }
}

/** Links to the same page with other stretches of time. */
export const TimeWindowTabs: FC<{
  locale: Locale
  path: string
  query: Record<string, string>
  window: TimeWindow
}> = ({ locale: { messages }, path, query, window }) => (
  <nav class="tabs" aria-label={messages.window}>
    {choices.map((seconds) => (
      <a
        href={link(path, { ...query, window: seconds })}
        aria-current={seconds === window.seconds ? 'page' : undefined}
      >
        {messages.windows[seconds]}
      </a>
    ))}
  </nav>
)
