import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import { isQuery, statementOf } from '../store/semantic-conventions'
import { minShownRepeats } from '../store/spans'
import { servicesOf } from '../traces/find-traces'
import { type Locale, localeOf } from '../ui/locale'
import { page } from '../ui/page'
import { link, paths } from '../ui/paths'
import { ServiceName } from '../ui/service-name'
import { loadTrace, type Trace, traceSize } from './load-trace'
import { LogList } from './log-list'
import { messages } from './messages'
import type { TraceSpan } from './span-tree'
import { Waterfall } from './waterfall'

export function tracePage(store: Store) {
  return (c: Context): Response => {
    const locale = localeOf(c)
    const text = messages[locale.lang]
    const id = (c.req.param('id') ?? '').toLowerCase()
    const trace = loadTrace(store.db, id)
    const retryUrl = retryUrlOf(c, trace)
    if (!trace) {
      return page(
        c,
        store,
        { title: text.notFound, activePage: 'traces', status: 404, retryUrl },
        <p>{text.notFoundAdvice}</p>,
      )
    }
    const search = (c.req.query('q') ?? '').trim()
    const isMatch = search === '' ? undefined : (span: TraceSpan) => contains(span, search.toLowerCase())
    const title = trace.row.root_name || trace.row.trace_id.slice(0, 8)
    return page(
      c,
      store,
      {
        title,
        activePage: 'traces',
        scripts: ['trace.js'],
        retryUrl,
        liveTrace: { id, size: traceSize(store.db, id) },
      },
      <>
        <TraceSummary locale={locale} trace={trace} />
        <Notices locale={locale} trace={trace} />
        <Toolbar locale={locale} trace={trace} search={search} count={isMatch && trace.spans.filter(isMatch).length} />
        <Waterfall locale={locale} trace={trace} isMatch={isMatch} />
        <section class="panel" id="logs">
          <h2>{text.logs}</h2>
          {trace.logs.length === 0 && <p class="soft">{text.noLogs}</p>}
          <LogList locale={locale} logs={trace.logs} startUs={trace.row.start_us} />
        </section>
      </>,
    )
  }
}

// Services export once a second, so a visitor who follows the link of a page can arrive before the last span.
const maxRetries = 5

function retryUrlOf(c: Context, trace: Trace | undefined): string | undefined {
  const retries = Number(c.req.query('look') ?? 0)
  if (trace?.row.is_complete || !(retries < maxRetries)) return undefined
  return link(c.req.path, { look: retries + 1, q: c.req.query('q') })
}

/** Whether any text of a span contains the search text, which is in lower case. */
function contains({ name, service, attributes, statusMessage, events }: TraceSpan, search: string): boolean {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return [name, service, statusMessage, ...pairs, JSON.stringify(events)].join('\n').toLowerCase().includes(search)
}

const TraceSummary: FC<{ locale: Locale; trace: Trace }> = ({ locale: { lang, format }, trace: { row, logs } }) => {
  const text = messages[lang]
  return (
    <p class="trace-facts">
      <strong>{format.duration(row.duration_us)}</strong>
      <span>{format.moment(row.start_us)}</span>
      <span>{text.spans(row.spans)}</span>
      <span>{text.queries(row.queries)}</span>
      <span>
        <a href="#logs">{text.lines(logs.length)}</a>
      </span>
      {row.errors > 0 && <span class="badge bad">{text.errors(row.errors)}</span>}
      {servicesOf(row).map((name) => (
        <ServiceName name={name} />
      ))}
      <code class="trace-id">{row.trace_id}</code>
    </p>
  )
}

const Notices: FC<{ locale: Locale; trace: Trace }> = ({ locale, trace: { spans, missingParentIds } }) => {
  const text = messages[locale.lang]
  const statements = Map.groupBy(
    spans.filter((span) => isQuery(span) && statementOf(span).detail !== ''),
    (span) => `${span.service}\n${statementOf(span).summary}\n${statementOf(span).detail}`,
  )
  const repeated = [...statements.values()].filter(({ length }) => length >= minShownRepeats)
  return (
    <>
      {repeated.map((calls) => (
        <p class="notice">
          <span class="badge warn">N+1</span> {text.repeats(calls.length, calls[0]?.name ?? '')}
        </p>
      ))}
      {missingParentIds.length > 0 && <p class="notice">{text.missing(missingParentIds.length)}</p>}
    </>
  )
}

const Toolbar: FC<{ locale: Locale; trace: Trace; search: string; count: number | undefined }> = ({
  locale,
  trace: { row },
  search,
  count,
}) => {
  const text = messages[locale.lang]
  const path = `${paths.traces}/${row.trace_id}`
  return (
    <form
      class="filters"
      method="get"
      action={path}
      id="find"
      data-trace-search
      data-matches-one={text.matches(1)}
      data-matches-many={text.matches(2)}
    >
      <label class="grow">
        {text.search}
        <input name="q" type="search" value={search} placeholder={text.searchHint} />
      </label>
      <output>{count === undefined ? '' : text.matches(count)}</output>
      <a class="button" href={link(paths.logs, { trace: row.trace_id })}>
        {text.allLogs}
      </a>
      <a class="button" href={path} data-copy="link" data-done={text.copy.done}>
        {text.copy.link}
      </a>
      <a class="button" href={`${path}.md`} data-copy="text" data-done={text.copy.done}>
        {text.copy.markdown}
      </a>
      <a class="button" href={`${path}.json`} data-copy="text" data-done={text.copy.done}>
        {text.copy.otlp}
      </a>
    </form>
  )
}
