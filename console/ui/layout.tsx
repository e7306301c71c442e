import type { Child, FC } from 'hono/jsx'
import { assetPath } from '../assets'
import type { Store } from '../store'
import { link, paths } from './paths'
import type { View } from './view'

/** What makes a page stale. */
export type Live = 'traces' | 'logs' | 'metrics' | 'alerts'

export interface LiveTrace {
  id: string
  /** How much of it the page shows. */
  size: number
}

interface LayoutProps {
  view: View
  store: Store
  title: string
  at: string
  url: string
  live?: Live[]
  every?: number
  liveTrace?: LiveTrace
  scripts?: string[]
  again?: string | undefined
  children?: Child
}

// Each with the letter that leads to it after `g`.
const pages = [
  ['overview', 'o'],
  ['traces', 't'],
  ['logs', 'l'],
  ['routes', 'r'],
  ['metrics', 'm'],
  ['queries', 'q'],
  ['map', 'p'],
  ['errors', 'e'],
  ['alerts', 'a'],
  ['cost', 'c'],
] as const

export const Layout: FC<LayoutProps> = ({
  view,
  store,
  title,
  at,
  url,
  live,
  every,
  liveTrace,
  scripts = [],
  again,
  children,
}) => (
  <html lang={view.lang}>
    <head>
      <meta charset="utf-8" />
      <title>{`${title} – Vitrine`}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      {again && <Again url={again} isLive={liveTrace !== undefined} />}
      <link rel="icon" href={assetPath('favicon.svg')} type="image/svg+xml" />
      <link rel="stylesheet" href={assetPath('style.css')} />
      <script type="module" src={assetPath('page.js')} />
      {scripts.map((name) => (
        <script type="module" src={assetPath(name)} />
      ))}
    </head>
    <body>
      <a class="skip" href="#main">
        {view.text.skip}
      </a>
      <header class="side">
        <a class="brand" href={paths.overview}>
          <img src={assetPath('favicon.svg')} alt="" width="28" height="28" />
          <span>
            <strong>{view.text.brand}</strong> {view.text.product}
          </span>
        </a>
        <nav aria-label={view.text.navigation}>
          {pages.map(([name, key]) => (
            <a href={paths[name]} aria-current={name === at ? 'page' : undefined} data-key={key}>
              {view.text.pages[name]}
            </a>
          ))}
        </nav>
        <p class="other-language">
          <a href={inOtherLanguage(url, view)} lang={view.lang === 'fr' ? 'en' : 'fr'}>
            {view.text.otherLanguage}
          </a>
        </p>
      </header>
      <main id="main" tabindex={-1}>
        <div class="heading">
          <h1>{title}</h1>
          {(live ?? liveTrace) && <LiveMark view={view} />}
        </div>
        <div
          id="live"
          {...(live && { 'data-live': live.join(' '), 'data-stream': paths.events, 'data-seen': seen(store, live) })}
          {...(liveTrace && liveTraceOf(liveTrace))}
          data-every={every}
        >
          {children}
        </div>
        <Footer view={view} store={store} />
      </main>
      <Keys view={view} />
    </body>
  </html>
)

// What is live is not loaded anew as a whole, where there is a script.
const Again: FC<{ url: string; isLive: boolean }> = ({ url, isLive }) => {
  const meta = <meta http-equiv="refresh" content={`1; url=${url}`} />
  return isLive ? <noscript>{meta}</noscript> : meta
}

const liveTraceOf = ({ id, size }: LiveTrace) => ({
  'data-live': 'trace',
  'data-stream': link(paths.events, { trace: id }),
  'data-seen': size,
  'data-keeps': true,
})

function seen(store: Store, live: Live[]): number {
  const newest = store.newest()
  return live.reduce((sum, signal) => sum + newest[signal], 0)
}

const LiveMark: FC<{ view: View }> = ({ view: { text } }) => (
  <p class="live-mark" role="status" data-fresh={text.fresh} data-live-text={text.live} data-offline={text.offline}>
    <span class="dot" />
    <span class="live-text" title={text.paused}>
      {text.live}
    </span>
    <button type="button" hidden>
      {text.refresh}
    </button>
  </p>
)

const Footer: FC<{ view: View; store: Store }> = ({ view: { text, format }, store }) => {
  const { counts, limits, forwarding } = store
  const dropped = store.dropped()
  const list = dropped.map(
    ({ what, why, count }) => `${format.count(count)} ${text.whats[what] ?? what} (${text.whys[why] ?? why})`,
  )
  return (
    <footer>
      <p>
        {text.store(
          format.count(counts.spans),
          format.count(counts.logs),
          format.bytes(store.bytes()),
          format.bytes(limits.bytes),
        )}
      </p>
      {list.length > 0 && <p>{text.dropped(list.join(', '))}</p>}
      {forwarding && (
        <p class={forwarding.lastError ? 'bad' : undefined}>
          {text.forwarded(forwarding.url, format.count(forwarding.sent), format.count(forwarding.dropped))}
          {forwarding.lastError && ` (${forwarding.lastError})`}
        </p>
      )}
    </footer>
  )
}

const Keys: FC<{ view: View }> = ({ view: { text } }) => (
  <dialog id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">{text.keys.title}</h2>
    <dl>
      {text.keys.rows.map(([key, what]) => (
        <div>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
    <form method="dialog">
      <button type="submit">{text.keys.close}</button>
    </form>
  </dialog>
)

function inOtherLanguage(url: string, { lang }: View): string {
  const { searchParams, pathname } = new URL(url)
  searchParams.set('lang', lang === 'fr' ? 'en' : 'fr')
  // Two slashes would name a host.
  return `${pathname.replace(/^\/+/, '/')}?${searchParams}`
}
