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

const maxRows = 200
/** A longer statement is folded. */
const maxUnfoldedCharacters = 60

export function queriesPage(store: Store) {
  return (c: Context): Response => {
    const locale = localeOf(c)
    const query = c.req.query()
    const window = timeWindowOf(c)
    const order = orderOf(query.sort)
    const statements = findStatements(store.db, window.fromUs, window.toUs, order)
    const shown = statements.slice(0, maxRows)
    const seconds = coveredSeconds(store.db, window)
    return page(
      c,
      store,
      { title: locale.messages.pages.queries, activePage: 'queries', live: ['traces'] },
      <>
        <TimeWindowTabs locale={locale} path={paths.queries} query={query} window={window} />
        {shown.length === 0 ? (
          <NoStatements locale={locale} store={store} origin={new URL(c.req.url).origin} />
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
          <p class="more">{messages[locale.lang].truncated(shown.length, statements.length)}</p>
        )}
      </>,
    )
  }
}

const orderOf = (sort: string | undefined): SortKey => (sort === 'calls' || sort === 'p95' ? sort : 'total')

const Head: FC<{ locale: Locale; order: SortKey; query: Record<string, string> }> = ({ locale, order, query }) => {
  const { columns } = messages[locale.lang]
  return (
    <thead>
      <tr>
        <th>{columns.statement}</th>
        <th>{columns.service}</th>
        <SortHeader by="calls" />
        <SortHeader by="total" />
        <th class="number">{columns.mean}</th>
        <SortHeader by="p95" />
        <th class="number">{columns.errors}</th>
      </tr>
    </thead>
  )

  function SortHeader({ by }: { by: SortKey }) {
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
        <StatementText locale={locale} statement={statement} />
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

// Older conventions have no summary, so the search is for the text up to the first character that JSON escapes.
function searchFor({ summary, text }: Statement): string {
  const [start = ''] = text.split(/["\\]/)
  return summary.includes(' ') || !start.trim() ? `db.query.summary="${summary}"` : `"${start.trim()}"`
}

const StatementText: FC<{ locale: Locale; statement: Statement }> = ({ locale, statement }) => {
  const text = messages[locale.lang]
  const { service, summary, text: sql, system, repeats } = statement
  // Statements beyond the limit of the rollups.
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
      {sql.length > maxUnfoldedCharacters ? (
        <details>
          <summary class="soft" title={text.fullText}>
            <code>{sql.slice(0, 3 * maxUnfoldedCharacters)}</code>
          </summary>
          <pre>{sql}</pre>
        </details>
      ) : (
        <code class="soft">{sql}</code>
      )}
    </>
  )
}

const NoStatements: FC<{ locale: Locale; store: Store; origin: string }> = ({ locale, store, origin }) => {
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
