import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import { coveredSeconds } from '../store/covered-seconds'
import { Nothing } from '../ui/nothing'
import { page } from '../ui/page'
import { link, paths, traceLink } from '../ui/paths'
import { Service } from '../ui/service'
import { type View, viewOf } from '../ui/view'
import { WindowTabs, windowOf } from '../ui/window'
import { findStatements, type Order, type Statement } from './find-statements'
import { texts } from './text'

const mostShown = 200
/** From how many characters on a statement's text is folded. */
const longText = 60

export function queriesPage(store: Store) {
  return (c: Context): Response => {
    const view = viewOf(c)
    const query = c.req.query()
    const window = windowOf(c)
    const order = orderOf(query.sort)
    const statements = findStatements(store.db, window.fromUs, window.toUs, order)
    const shown = statements.slice(0, mostShown)
    const seconds = coveredSeconds(store.db, window)
    return page(
      c,
      store,
      { title: view.text.pages.queries, at: 'queries', live: ['traces'] },
      <>
        <WindowTabs view={view} path={paths.queries} query={query} window={window} />
        {shown.length === 0 ? (
          <None view={view} store={store} origin={new URL(c.req.url).origin} />
        ) : (
          <section class="scroll" tabindex={0} aria-label={view.text.pages.queries}>
            <table class="statements">
              <Head view={view} order={order} query={query} />
              <tbody>
                {shown.map((statement) => (
                  <Row view={view} statement={statement} seconds={seconds} />
                ))}
              </tbody>
            </table>
          </section>
        )}
        {shown.length < statements.length && (
          <p class="more">{texts[view.lang].only(shown.length, statements.length)}</p>
        )}
      </>,
    )
  }
}

const orderOf = (asked: string | undefined): Order => (asked === 'calls' || asked === 'p95' ? asked : 'total')

const Head: FC<{ view: View; order: Order; query: Record<string, string> }> = ({ view, order, query }) => {
  const { columns } = texts[view.lang]
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

  function Sort({ by }: { by: Order }) {
    const isCurrent = by === order
    return (
      <th class="number" aria-sort={isCurrent ? 'descending' : undefined}>
        <a href={link(paths.queries, { ...query, sort: by })}>{columns[by]}</a>
      </th>
    )
  }
}

const Row: FC<{ view: View; statement: Statement; seconds: number }> = ({ view, statement, seconds }) => {
  const { format } = view
  const { service, database, system, calls, errors, totalUs, p95Us } = statement
  return (
    <tr data-row={system !== '' || undefined}>
      <td>
        <What view={view} statement={statement} />
      </td>
      <td>
        <Service name={service} />
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

const What: FC<{ view: View; statement: Statement }> = ({ view, statement }) => {
  const text = texts[view.lang]
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
          title={text.repeats(repeats.most)}
        >
          N+1 ×{repeats.most}
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

const None: FC<{ view: View; store: Store; origin: string }> = ({ view, store, origin }) => {
  const text = texts[view.lang]
  if (store.counts.spans === 0) {
    return <Nothing view={view} store={store} signal="traces" what={text.what} isFiltered={false} origin={origin} />
  }
  return (
    <section class="nothing">
      <h2>{text.none}</h2>
      <p>{text.noneHow}</p>
    </section>
  )
}
