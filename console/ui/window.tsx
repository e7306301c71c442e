import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import { link } from './paths'
import type { View } from './view'

/** The stretch of time that a page shows. */
export interface Window {
  seconds: number
  fromUs: number
  toUs: number
}

const choices = [300, 900, 3600]
const usual = 900

/** The last `?window=` seconds: 300, 900 or 3600. */
export function windowOf(c: Context): Window {
  const asked = Number(c.req.query('window'))
  const seconds = choices.includes(asked) ? asked : usual
  const toUs = Date.now() * 1000
  return { seconds, fromUs: toUs - seconds * 1_000_000, toUs }
}

/** Links to the same page with other stretches of time. */
export const WindowTabs: FC<{ view: View; path: string; query: Record<string, string>; window: Window }> = ({
  view: { text },
  path,
  query,
  window,
}) => (
  <nav class="tabs" aria-label={text.window}>
    {choices.map((seconds) => (
      <a
        href={link(path, { ...query, window: seconds })}
        aria-current={seconds === window.seconds ? 'page' : undefined}
      >
        {text.windows[seconds]}
      </a>
    ))}
  </nav>
)
