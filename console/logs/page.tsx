import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import { EmptyState } from '../ui/empty-state'
import { type Locale, localeOf } from '../ui/locale'
import { page } from '../ui/page'
import { link, paths, traceLink } from '../ui/paths'
import { SelectField } from '../ui/select-field'
import { type FoundLogs, findLogs, type LogFilter, type LogRow, parseLogFilter } from './find-logs'
import { LogLine } from './log-line'
import { messages } from './messages'
import { levels } from './severity'

export function logsPage(store: Store) {
  return (c: Context): Response => {
    const locale = localeOf(c)
    const query = c.req.query()
    const filter = parseLogFilter(query)
    const found = findLogs(store.db, filter)
    const isEmpty = found.logs.length === 0 && found.searchedBackToUs === undefined
    const { origin } = new URL(c.req.url)
    return page(
      c,
      store,
      {
        title: locale.messages.pages.logs,
        activePage: 'logs',
        ...(filter.beforeId === undefined && { live: ['logs'] }),
      },
      <>
        <Filters locale={locale} store={store} filter={filter} />
        {isEmpty && (
          <EmptyState
            locale={locale}
            store={store}
            signal="logs"
            what={messages[locale.lang].what}
            isFiltered={Object.keys(filter).length > 0}
            origin={origin}
          />
        )}
        <Lines locale={locale} logs={found.logs} />
        <More locale={locale} found={found} query={query} />
      </>,
    )
  }
}

const Filters: FC<{ locale: Locale; store: Store; filter: LogFilter }> = ({ locale, store, filter }) => {
  const text = messages[locale.lang]
  const { service, minLevel, traceId } = filter
  const { trace: _, ...choices } = levels
  return (
    <>
      <form class="filters" method="get" action={paths.logs}>
        <SelectField
          label={locale.messages.service}
          name="service"
          all={locale.messages.all}
          options={store.services()}
          chosen={service}
        />
        <label>
          {text.minSeverity}
          <select name="severity">
            <option value="">{locale.messages.any}</option>
            {Object.keys(choices).map((level) => (
              <option value={level} selected={level === minLevel}>
                {level === 'fatal' ? level : text.andWorse(level)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {text.trace}
          <input name="trace" value={traceId ?? ''} placeholder={text.traceHint} size={12} spellcheck={false} />
        </label>
        <label class="grow">
          {text.search}
          <input name="q" type="search" value={filter.text ?? ''} placeholder={text.searchHint} />
        </label>
        <button type="submit">{locale.messages.filter}</button>
        {Object.keys(filter).length > 0 && (
          <a class="button" href={paths.logs}>
            {locale.messages.clear}
          </a>
        )}
      </form>
      {traceId && (
        <p>
          {text.ofTrace}{' '}
          <a class="mono" href={traceLink(traceId)}>
            {traceId}
          </a>
        </p>
      )}
    </>
  )
}

const Lines: FC<{ locale: Locale; logs: LogRow[] }> = ({ locale, logs }) => {
  if (logs.length === 0) return null
  return (
    <ol class="logs" aria-label={locale.messages.pages.logs}>
      {logs.toSorted(byTime).map((log) => (
        <LogLine locale={locale} log={log} />
      ))}
    </ol>
  )
}

// They were found in order of arrival.
const byTime = (a: LogRow, b: LogRow) => b.time_us - a.time_us || b.id - a.id

const More: FC<{ locale: Locale; found: FoundLogs; query: Record<string, string> }> = ({ locale, found, query }) => {
  const { nextBeforeId, searchedBackToUs } = found
  if (nextBeforeId === undefined) return null
  const text = messages[locale.lang]
  return (
    <p class="more">
      {searchedBackToUs !== undefined && <>{text.searched(locale.format.time(searchedBackToUs))} </>}
      <a class="button" href={link(paths.logs, { ...query, before: nextBeforeId })}>
        {searchedBackToUs === undefined ? locale.messages.older : text.goOn}
      </a>
    </p>
  )
}
