import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import { coveredSeconds } from '../store/totals'
import { EmptyState } from '../ui/empty-state'
import { type Locale, localeOf } from '../ui/locale'
import { page } from '../ui/page'
import { link, paths, traceLink } from '../ui/paths'
import { ServiceName } from '../ui/service-name'
import { TimeWindowTabs, timeWindowOf } from '../ui/time-window'
import { findStatements, type SortKey, type Statement } from './find-statements'
import { messages } from './messages'

const mostShown = 200
/** From how many characters on a statement's text is folded. */
const longText = 60

export function queriesPage(store: Store) {
  return (c: Context): Response => {
    const locale = localeOf(c)
    const query = c.req.query()
    const window = timeWindowOf(c)
    const order = orderOf(query.sort)
    const statements = findStatements(store.db, window.fromUs, window.toUs, order)
    const shown = statements.slice(0, mostShown)
    const seconds = coveredSeconds(store.db, window)
    return page(
      c,
      store,
      { title: locale.messages.pages.queries, activePage: 'queries', live: ['traces'] },
      <>
        <TimeWindowTabs locale={locale} path={paths.queries} query={query} window={window} />
        {shown.length === 0 ? (
          <None locale={locale} store={store} origin={new URL(c.req.url).origin} />
        ) : (
          <section class="scroll" tabindex={0} aria-label={locale.messages.pages.queries}>
            <table class="statements">
              <Head locale={locale} order={order} query={query} />
              <tbody>
                {shown.map((statement) => (
                  <Row locale={locale} statement={statement} seconds={seconds} />
                ))}
              </tbody>
            </table>
          </section>
        )}
        {shown.length < statements.length && (
          <p class="more">{messages[locale.lang].only(shown.length, statements.length)}</p>
        )}
      </>,
    )
  }
}

const orderOf = (asked: string | undefined): SortKey => (asked === 'calls' || asked === 'p95' ? asked : 'total')

const Head: FC<{ locale: Locale; order: SortKey; query: Record<string, string> }> = ({ locale, order, query }) => {
  const { columns } = messages[locale.lang]
  return (
    <thead>
      <tr>
        <th>{columns.statement}</th>
        <th>{columns.service}</th>
        <Sort by="calls" />
        <Sort by="total" />
        <th class="number">{columns.mean}</th>
        <Sort by="p95" />
        <th class="number">{columns.errors}</th>
      </tr>
    </thead>
  )

  function Sort({ by }: { by: SortKey }) {
    const isCurrent = by === order
    return (
      <th class="number" aria-sort={isCurrent ? 'descending' : undefined}>
        <a href={link(paths.queries, { ...query, sort: by })}>{columns[by]}</a>
      </th>
    )
  }
}

const Row: FC<{ locale: Locale; statement: Statement; seconds: number }> = ({ locale, statement, seconds }) => {
  const { format } = locale
  const { service, database, system, calls, errors, totalUs, p95Us } = statement
  return (
    <tr data-row={system !== '' || undefined}>
      <td>
        <What locale={locale} statement={statement} />
      </td>
      <td>
        <ServiceName name={service} />
        <small title={system}>{database}</small>
      </td>
      <td class="number">
        {format.count(calls)}
        <small>{format.rate(calls, seconds)}</small>
      </td>
      <td class="number">{format.duration(totalUs)}</td>
      <td class="number">{format.duration(totalUs / calls)}</td>
      <td class="number">{format.duration(p95Us)}</td>
      <td class={`number ${errors > 0 ? 'bad' : ''}`}>{format.count(errors)}</td>
    </tr>
  )
}

// By older conventions there is no summary: then by the text, as far as it stands unescaped in what was sent.
function searchFor({ summary, text }: Statement): string {
  const [start = ''] = text.split(/["\\]/)
  return summary.includes(' ') || !start.trim() ? `db.query.summary="${summary}"` : `"${start.trim()}"`
}

const What: FC<{ locale: Locale; statement: Statement }> = ({ locale, statement }) => {
  const text = messages[locale.lang]
  const { service, summary, text: sql, system, repeats } = statement
  // What was too much to be counted by itself.
  if (system === '') return <>{text.others}</>
  const q = searchFor(statement)
  return (
    <>
      <a href={link(paths.traces, { service, q })} title={text.tracesWith}>
        {summary}
      </a>{' '}
      {repeats && (
        <a
          class="badge warn"
          href={repeats.hasTrace ? traceLink(repeats.traceId) : undefined}
          title={text.repeats(repeats.maxCalls)}
        >
          N+1 ×{repeats.maxCalls}
        </a>
      )}
      {sql.length > longText ? (
        <details>
          <summary class="soft" title={text.whole}>
            <code>{sql.slice(0, 3 * longText)}</code>
          </summary>
          <pre>{sql}</pre>
        </details>
      ) : (
        <code class="soft">{sql}</code>
      )}
    </>
  )
}

const None: FC<{ locale: Locale; store: Store; origin: string }> = ({ locale, store, origin }) => {
  const text = messages[locale.lang]
  if (store.counts.spans === 0) {
    return (
      <EmptyState locale={locale} store={store} signal="traces" what={text.what} isFiltered={false} origin={origin} />
    )
  }
  return (
    <section class="nothing">
      <h2>{text.none}</h2>
      <p>{text.noneHow}</p>
    </section>
  )
}
