import type { Child, FC } from 'hono/jsx'
import { assetPath } from '../assets'
import type { Store } from '../store'
import type { Locale } from './locale'
import { link, paths } from './paths'

/** Data that makes a page stale when it arrives. */
export type LiveSource = 'traces' | 'logs' | 'metrics' | 'alerts'

export interface LiveTrace {
  id: string
  /** The number of spans and log records on the page. */
  size: number
}

interface LayoutProps {
  locale: Locale
  store: Store
  title: string
  activePage: string
  url: string
  live?: LiveSource[]
  refreshSeconds?: number
  liveTrace?: LiveTrace
  scripts?: string[]
  retryUrl?: string | undefined
  children?: Child
}

// Each page with the key that opens it after `g`.
const pages = [
  ['overview', 'o'],
  ['traces', 't'],
  ['logs', 'l'],
  ['httpRequests', 'r'],
  ['metrics', 'm'],
  ['queries', 'q'],
  ['map', 'p'],
  ['errors', 'e'],
  ['alerts', 'a'],
  ['cost', 'c'],
] as const

export const Layout: FC<LayoutProps> = ({
  locale,
  store,
  title,
  activePage,
  url,
  live,
  refreshSeconds,
  liveTrace,
  scripts = [],
  retryUrl,
  children,
}) => (
  <html lang={locale.lang}>
    <head>
      <meta charset="utf-8" />
      <title>{`${title} – Vitrine`}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      {retryUrl && <AutoRefresh url={retryUrl} isLive={liveTrace !== undefined} />}
      <link rel="icon" href={assetPath('favicon.svg')} type="image/svg+xml" />
      <link rel="stylesheet" href={assetPath('style.css')} />
      <script type="module" src={assetPath('page.js')} />
      {scripts.map((name) => (
        <script type="module" src={assetPath(name)} />
      ))}
    </head>
    <body>
      <a class="skip" href="#main">
        {locale.messages.skip}
      </a>
      <header class="side">
        <a class="brand" href={paths.overview}>
          <img src={assetPath('favicon.svg')} alt="" width="28" height="28" />
          <span>
            <strong>{locale.messages.brand}</strong> {locale.messages.product}
          </span>
        </a>
        <nav aria-label={locale.messages.navigation}>
          {pages.map(([name, key]) => (
            <a href={paths[name]} aria-current={name === activePage ? 'page' : undefined} data-key={key}>
              {locale.messages.pages[name]}
            </a>
          ))}
        </nav>
        <p class="other-language">
          <a href={urlInOtherLanguage(url, locale)} lang={locale.lang === 'fr' ? 'en' : 'fr'}>
            {locale.messages.otherLanguage}
          </a>
        </p>
      </header>
      <main id="main" tabindex={-1}>
        <div class="heading">
          <h1>{title}</h1>
          {(live ?? liveTrace) && <LiveStatus locale={locale} />}
        </div>
        <div
          id="live"
          {...(live && {
            'data-live': live.join(' '),
            'data-stream': paths.events,
            'data-seen': receivedCount(store, live),
          })}
          {...(liveTrace && liveTraceAttributes(liveTrace))}
          data-every={refreshSeconds}
        >
          {children}
        </div>
        <Footer locale={locale} store={store} />
      </main>
      <KeyboardHelp locale={locale} />
    </body>
  </html>
)

// A script updates live pages, so they reload only without JavaScript.
const AutoRefresh: FC<{ url: string; isLive: boolean }> = ({ url, isLive }) => {
  const meta = <meta http-equiv="refresh" content={`1; url=${url}`} />
  return isLive ? <noscript>{meta}</noscript> : meta
}

const liveTraceAttributes = ({ id, size }: LiveTrace) => ({
  'data-live': 'trace',
  'data-stream': link(paths.events, { trace: id }),
  'data-seen': size,
  'data-keeps': true,
})

function receivedCount(store: Store, live: LiveSource[]): number {
  const counts = store.receivedCounts()
  return live.reduce((sum, source) => sum + counts[source], 0)
}

const LiveStatus: FC<{ locale: Locale }> = ({ locale: { messages } }) => (
  <p
    class="live-mark"
    role="status"
    data-fresh={messages.fresh}
    data-live-text={messages.live}
    data-offline={messages.offline}
  >
    <span class="dot" />
    <span class="live-text" title={messages.paused}>
      {messages.live}
    </span>
    <button type="button" hidden>
      {messages.refresh}
    </button>
  </p>
)

const Footer: FC<{ locale: Locale; store: Store }> = ({ locale: { messages, format }, store }) => {
  const { counts, limits, forwarding } = store
  const dropped = store
    .dropped()
    .map(
      ({ what, why, count }) =>
        `${format.count(count)} ${messages.droppedKinds[what] ?? what} (${messages.dropReasons[why] ?? why})`,
    )
  return (
    <footer>
      <p>
        {messages.store(
          format.count(counts.spans),
          format.count(counts.logs),
          format.bytes(store.bytes()),
          format.bytes(limits.bytes),
        )}
      </p>
      {dropped.length > 0 && <p>{messages.dropped(dropped.join(', '))}</p>}
      {forwarding && (
        <p class={forwarding.lastError ? 'bad' : undefined}>
          {messages.forwarded(forwarding.url, format.count(forwarding.sent), format.count(forwarding.dropped))}
          {forwarding.lastError && ` (${forwarding.lastError})`}
        </p>
      )}
    </footer>
  )
}

const KeyboardHelp: FC<{ locale: Locale }> = ({ locale: { messages } }) => (
  <dialog id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">{messages.keys.title}</h2>
    <dl>
      {messages.keys.rows.map(([key, what]) => (
        <div>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
    <form method="dialog">
      <button type="submit">{messages.keys.close}</button>
    </form>
  </dialog>
)

function urlInOtherLanguage(url: string, { lang }: Locale): string {
  const { searchParams, pathname } = new URL(url)
  searchParams.set('lang', lang === 'fr' ? 'en' : 'fr')
  // A path that starts with two slashes would be the URL of another host.
  return `${pathname.replace(/^\/+/, '/')}?${searchParams}`
}
