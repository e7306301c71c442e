import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import { Choice } from '../ui/choice'
import { Nothing } from '../ui/nothing'
import { page } from '../ui/page'
import { link, paths, traceLink } from '../ui/paths'
import { type View, viewOf } from '../ui/view'
import { parseLogFilter } from './filter'
import { type FoundLogs, findLogs, type LogFilter, type LogRow } from './find-logs'
import { LogLine } from './log-line'
import { levels } from './severity'
import { texts } from './text'

export function logsPage(store: Store) {
  return (c: Context): Response => {
    const view = viewOf(c)
    const query = c.req.query()
    const filter = parseLogFilter(query)
    const found = findLogs(store.db, filter)
    const isEmpty = found.logs.length === 0 && found.searchedBackToUs === undefined
    const { origin } = new URL(c.req.url)
    return page(
      c,
      store,
      { title: view.text.pages.logs, at: 'logs', ...(filter.beforeId === undefined && { live: ['logs'] }) },
      <>
        <Filters view={view} store={store} filter={filter} />
        {isEmpty && (
          <Nothing
            view={view}
            store={store}
            signal="logs"
            what={texts[view.lang].what}
            isFiltered={Object.keys(filter).length > 0}
            origin={origin}
          />
        )}
        <Lines view={view} logs={found.logs} />
        <More view={view} found={found} query={query} />
      </>,
    )
  }
}

const Filters: FC<{ view: View; store: Store; filter: LogFilter }> = ({ view, store, filter }) => {
  const text = texts[view.lang]
  const { service, minLevel, traceId } = filter
  const { trace: _, ...choices } = levels
  return (
    <>
      <form class="filters" method="get" action={paths.logs}>
        <Choice
          label={view.text.service}
          name="service"
          all={view.text.all}
          options={store.services()}
          chosen={service}
        />
        <label>
          {text.minSeverity}
          <select name="severity">
            <option value="">{view.text.any}</option>
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
        <button type="submit">{view.text.filter}</button>
        {Object.keys(filter).length > 0 && (
          <a class="button" href={paths.logs}>
            {view.text.clear}
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

const Lines: FC<{ view: View; logs: LogRow[] }> = ({ view, logs }) => {
  if (logs.length === 0) return null
  return (
    <ol class="logs" aria-label={view.text.pages.logs}>
      {logs.toSorted(byTime).map((log) => (
        <LogLine view={view} log={log} />
      ))}
    </ol>
  )
}

// They come in the order in which they arrived.
const byTime = (a: LogRow, b: LogRow) => b.time_us - a.time_us || b.id - a.id

const More: FC<{ view: View; found: FoundLogs; query: Record<string, string> }> = ({ view, found, query }) => {
  const { nextBeforeId, searchedBackToUs } = found
  if (nextBeforeId === undefined) return null
  const text = texts[view.lang]
  return (
    <p class="more">
      {searchedBackToUs !== undefined && <>{text.searched(view.format.time(searchedBackToUs))} </>}
      <a class="button" href={link(paths.logs, { ...query, before: nextBeforeId })}>
        {searchedBackToUs === undefined ? view.text.older : text.goOn}
      </a>
    </p>
  )
}
