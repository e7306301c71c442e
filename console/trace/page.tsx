import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import { isQuery, statementOf } from '../store/semantic-conventions'
import { minShownRepeats } from '../store/spans'
import { servicesOf } from '../traces/find-traces'
import { page } from '../ui/page'
import { link, paths } from '../ui/paths'
import { Service } from '../ui/service'
import { type View, viewOf } from '../ui/view'
import type { TraceSpan } from './arrange'
import { loadTrace, type Trace, traceSize } from './load-trace'
import { LogList } from './log-list'
import { texts } from './text'
import { Waterfall } from './waterfall'

export function tracePage(store: Store) {
  return (c: Context): Response => {
    const view = viewOf(c)
    const text = texts[view.lang]
    const id = (c.req.param('id') ?? '').toLowerCase()
    const trace = loadTrace(store.db, id)
    const again = lookAgain(c, trace)
    if (!trace) {
      return page(c, store, { title: text.notHere, at: 'traces', status: 404, again }, <p>{text.notHereAdvice}</p>)
    }
    const search = (c.req.query('q') ?? '').trim()
    const isMatch = search === '' ? undefined : (span: TraceSpan) => says(span, search.toLowerCase())
    const title = trace.row.root_name || trace.row.trace_id.slice(0, 8)
    return page(
      c,
      store,
      { title, at: 'traces', scripts: ['trace.js'], again, liveTrace: { id, size: traceSize(store.db, id) } },
      <>
        <Facts view={view} trace={trace} />
        <Notices view={view} trace={trace} />
        <Tools view={view} trace={trace} search={search} count={isMatch && trace.spans.filter(isMatch).length} />
        <Waterfall view={view} trace={trace} isMatch={isMatch} />
        <section class="panel" id="logs">
          <h2>{text.logs}</h2>
          {trace.logs.length === 0 && <p class="soft">{text.noLogs}</p>}
          <LogList view={view} logs={trace.logs} startUs={trace.row.start_us} />
        </section>
      </>,
    )
  }
}

// Programs send once a second: who comes from a badge is here before the last span is.
const mostLooks = 5

function lookAgain(c: Context, trace: Trace | undefined): string | undefined {
  const looks = Number(c.req.query('look') ?? 0)
  if (trace?.row.is_complete || !(looks < mostLooks)) return undefined
  return link(c.req.path, { look: looks + 1, q: c.req.query('q') })
}

/** Whether a span says that anywhere, in lower case. */
function says({ name, service, attributes, statusMessage, events }: TraceSpan, search: string): boolean {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return [name, service, statusMessage, ...pairs, JSON.stringify(events)].join('\n').toLowerCase().includes(search)
}

const Facts: FC<{ view: View; trace: Trace }> = ({ view: { lang, format }, trace: { row, logs } }) => {
  const text = texts[lang]
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
        <Service name={name} />
      ))}
      <code class="trace-id">{row.trace_id}</code>
    </p>
  )
}

const Notices: FC<{ view: View; trace: Trace }> = ({ view, trace: { spans, missing } }) => {
  const text = texts[view.lang]
  const statements = Map.groupBy(
    spans.filter((span) => isQuery(span) && statementOf(span).detail !== ''),
    (span) => `${span.service}\n${statementOf(span).summary}\n${statementOf(span).detail}`,
  )
  const repeated = [...statements.values()].filter(({ length }) => length >= minShownRepeats)
  return (
    <>
      {repeated.map((those) => (
        <p class="notice">
          <span class="badge warn">N+1</span> {text.repeats(those.length, those[0]?.name ?? '')}
        </p>
      ))}
      {missing.length > 0 && <p class="notice">{text.missing(missing.length)}</p>}
    </>
  )
}

const Tools: FC<{ view: View; trace: Trace; search: string; count: number | undefined }> = ({
  view,
  trace: { row },
  search,
  count,
}) => {
  const text = texts[view.lang]
  const own = `${paths.traces}/${row.trace_id}`
  return (
    <form
      class="filters"
      method="get"
      action={own}
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
      <a class="button" href={own} data-copy="link" data-done={text.copy.done}>
        {text.copy.link}
      </a>
      <a class="button" href={`${own}.md`} data-copy="text" data-done={text.copy.done}>
        {text.copy.markdown}
      </a>
      <a class="button" href={`${own}.json`} data-copy="text" data-done={text.copy.done}>
        {text.copy.otlp}
      </a>
    </form>
  )
}
