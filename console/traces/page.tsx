import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import type { TraceRow } from '../store/active-traces'
import { minShownRepeats } from '../store/spans'
import { Choice } from '../ui/choice'
import { Nothing } from '../ui/nothing'
import { page } from '../ui/page'
import { link, paths, traceLink } from '../ui/paths'
import { Service } from '../ui/service'
import { type View, viewOf } from '../ui/view'
import { traceFilterOf } from './filter'
import { type FoundTraces, findTraces, servicesOf, slowMs, type TraceFilter } from './find-traces'
import { texts } from './text'

export function tracesPage(store: Store) {
  return (c: Context): Response => {
    const view = viewOf(c)
    const query = c.req.query()
    const filter = traceFilterOf(query)
    const found = findTraces(store.db, filter)
    const isFiltered = Object.keys(filter).length > 0
    const { origin } = new URL(c.req.url)
    return page(
      c,
      store,
      { title: view.text.pages.traces, at: 'traces', ...(filter.before === undefined && { live: ['traces'] }) },
      <>
        <Filters view={view} store={store} filter={filter} query={query} />
        {found.traces.length === 0 && !found.isCut ? (
          <Nothing
            view={view}
            store={store}
            signal="traces"
            what={texts[view.lang].what}
            isFiltered={isFiltered}
            origin={origin}
          />
        ) : (
          <TraceTable view={view} traces={found.traces} />
        )}
        <More view={view} found={found} query={query} />
      </>,
    )
  }
}

const Filters: FC<{ view: View; store: Store; filter: TraceFilter; query: Record<string, string> }> = ({
  view,
  store,
  filter,
  query,
}) => {
  const text = texts[view.lang]
  const { service, route, onlyErrors, leastMs, fromUs, toUs } = filter
  const kept = { service, route, q: filter.text, from: fromUs, to: toUs }
  const tabs = [
    [text.tabs.all, link(paths.traces, kept), !onlyErrors && leastMs !== slowMs],
    [text.tabs.errors, link(paths.traces, { ...kept, status: 'error' }), onlyErrors === true],
    [text.tabs.slow, link(paths.traces, { ...kept, min: slowMs }), !onlyErrors && leastMs === slowMs],
  ] as const
  return (
    <>
      <nav class="tabs" aria-label={view.text.filter}>
        {tabs.map(([name, href, isCurrent]) => (
          <a href={href} aria-current={isCurrent ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <form class="filters" method="get" action={paths.traces}>
        {onlyErrors && <input type="hidden" name="status" value="error" />}
        {fromUs && <input type="hidden" name="from" value={fromUs} />}
        {toUs && <input type="hidden" name="to" value={toUs} />}
        <Choice
          label={view.text.service}
          name="service"
          all={view.text.all}
          options={store.services()}
          chosen={service}
        />
        <Choice
          label={view.text.route}
          name="route"
          all={view.text.any}
          options={store.routes(service)}
          chosen={route}
        />
        <label>
          {text.least}
          <input name="min" type="number" min="0" step="any" value={query.min ?? ''} size={6} />
        </label>
        <label class="grow">
          {text.search}
          <input name="q" type="search" value={filter.text ?? ''} placeholder={text.searchHint} />
        </label>
        <button type="submit">{view.text.filter}</button>
        {Object.keys(filter).length > 0 && (
          <a class="button" href={paths.traces}>
            {view.text.clear}
          </a>
        )}
      </form>
      {fromUs && toUs && <p>{text.between(view.format.time(fromUs), view.format.time(toUs))}</p>}
    </>
  )
}

const TraceTable: FC<{ view: View; traces: TraceRow[] }> = ({ view, traces }) => {
  const { columns } = texts[view.lang]
  return (
    <section class="scroll" tabindex={0} aria-label={view.text.pages.traces}>
      <table>
        <thead>
          <tr>
            <th>{columns.start}</th>
            <th>{columns.trace}</th>
            <th class="number">{columns.duration}</th>
            <th class="number">{columns.spans}</th>
            <th class="number">{columns.queries}</th>
            <th>{columns.services}</th>
          </tr>
        </thead>
        <tbody>
          {traces.toSorted(byStart).map((trace) => (
            <Row view={view} trace={trace} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

// They come in the order in which they arrived.
const byStart = (a: TraceRow, b: TraceRow) => b.start_us - a.start_us

const Row: FC<{ view: View; trace: TraceRow }> = ({ view: { lang, format }, trace }) => {
  const text = texts[lang]
  const { errors, repeats } = trace
  return (
    <tr data-row class={errors > 0 ? 'bad-row' : undefined}>
      <td class="when">{format.time(trace.start_us)}</td>
      <td>
        <a href={traceLink(trace.trace_id)}>{trace.root_name || trace.trace_id.slice(0, 8)}</a>{' '}
        {errors > 0 && <span class="badge bad">{text.errors(errors)}</span>}{' '}
        {repeats >= minShownRepeats && (
          <span class="badge warn" title={text.repeats(repeats)}>
            N+1
          </span>
        )}{' '}
        {!trace.is_complete && <span class="badge">{text.incomplete}</span>}
      </td>
      <td class="number">{format.duration(trace.duration_us)}</td>
      <td class="number">{format.count(trace.spans)}</td>
      <td class="number">{format.count(trace.queries)}</td>
      <td>
        {servicesOf(trace).map((name) => (
          <>
            <Service name={name} />{' '}
          </>
        ))}
      </td>
    </tr>
  )
}

const More: FC<{ view: View; found: FoundTraces; query: Record<string, string> }> = ({ view, found, query }) => {
  const { next, isCut, traces } = found
  if (next === undefined || (!isCut && traces.length === 0)) return null
  const text = texts[view.lang]
  return (
    <p class="more">
      <a class="button" href={link(paths.traces, { ...query, before: next })}>
        {isCut ? text.goOn : view.text.older}
      </a>
    </p>
  )
}
