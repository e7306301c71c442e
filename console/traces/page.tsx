import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import type { TraceRow } from '../store/active-traces'
import { minShownRepeats } from '../store/spans'
import { EmptyState } from '../ui/empty-state'
import { type Locale, localeOf } from '../ui/locale'
import { page } from '../ui/page'
import { link, paths, traceLink } from '../ui/paths'
import { SelectField } from '../ui/select-field'
import { ServiceName } from '../ui/service-name'
import { parseTraceFilter } from './filter'
import { type FoundTraces, findTraces, servicesOf, slowMs, type TraceFilter } from './find-traces'
import { messages } from './messages'

export function tracesPage(store: Store) {
  return (c: Context): Response => {
    const locale = localeOf(c)
    const query = c.req.query()
    const filter = parseTraceFilter(query)
    const found = findTraces(store.db, filter)
    const isFiltered = Object.keys(filter).length > 0
    const { origin } = new URL(c.req.url)
    return page(
      c,
      store,
      {
        title: locale.messages.pages.traces,
        activePage: 'traces',
        ...(filter.beforeId === undefined && { live: ['traces'] }),
      },
      <>
        <Filters locale={locale} store={store} filter={filter} query={query} />
        {found.traces.length === 0 && !found.isTimedOut ? (
          <EmptyState
            locale={locale}
            store={store}
            signal="traces"
            what={messages[locale.lang].what}
            isFiltered={isFiltered}
            origin={origin}
          />
        ) : (
          <TraceTable locale={locale} traces={found.traces} />
        )}
        <NextPageLink locale={locale} found={found} query={query} />
      </>,
    )
  }
}

const Filters: FC<{ locale: Locale; store: Store; filter: TraceFilter; query: Record<string, string> }> = ({
  locale,
  store,
  filter,
  query,
}) => {
  const text = messages[locale.lang]
  const { service, route, onlyErrors, minDurationMs, fromUs, toUs } = filter
  const parameters = { service, route, q: filter.text, from: fromUs, to: toUs }
  const tabs = [
    [text.tabs.all, link(paths.traces, parameters), !onlyErrors && minDurationMs !== slowMs],
    [text.tabs.errors, link(paths.traces, { ...parameters, status: 'error' }), onlyErrors === true],
    [text.tabs.slow, link(paths.traces, { ...parameters, min: slowMs }), !onlyErrors && minDurationMs === slowMs],
  ] as const
  return (
    <>
      <nav class="tabs" aria-label={locale.messages.filter}>
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
        <SelectField
          label={locale.messages.service}
          name="service"
          all={locale.messages.all}
          options={store.services()}
          chosen={service}
        />
        <SelectField
          label={locale.messages.route}
          name="route"
          all={locale.messages.any}
          options={store.routes(service)}
          chosen={route}
        />
        <label>
          {text.minDuration}
          <input name="min" type="number" min="0" step="any" value={query.min ?? ''} size={6} />
        </label>
        <label class="grow">
          {text.search}
          <input name="q" type="search" value={filter.text ?? ''} placeholder={text.searchHint} />
        </label>
        <button type="submit">{locale.messages.filter}</button>
        {Object.keys(filter).length > 0 && (
          <a class="button" href={paths.traces}>
            {locale.messages.clear}
          </a>
        )}
      </form>
      {fromUs && toUs && <p>{text.between(locale.format.time(fromUs), locale.format.time(toUs))}</p>}
    </>
  )
}

const TraceTable: FC<{ locale: Locale; traces: TraceRow[] }> = ({ locale, traces }) => {
  const { columns } = messages[locale.lang]
  return (
    <section class="scroll" tabindex={0} aria-label={locale.messages.pages.traces}>
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
            <Row locale={locale} trace={trace} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

// `findTraces` returns traces in order of arrival.
const byStart = (a: TraceRow, b: TraceRow) => b.start_us - a.start_us

const Row: FC<{ locale: Locale; trace: TraceRow }> = ({ locale: { lang, format }, trace }) => {
  const text = messages[lang]
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
            <ServiceName name={name} />{' '}
          </>
        ))}
      </td>
    </tr>
  )
}

const NextPageLink: FC<{ locale: Locale; found: FoundTraces; query: Record<string, string> }> = ({
  locale,
  found,
  query,
}) => {
  const { nextBeforeId, isTimedOut, traces } = found
  if (nextBeforeId === undefined || (!isTimedOut && traces.length === 0)) return null
  const text = messages[locale.lang]
  return (
    <p class="more">
      <a class="button" href={link(paths.traces, { ...query, before: nextBeforeId })}>
        {isTimedOut ? text.continueSearch : locale.messages.older}
      </a>
    </p>
  )
}
