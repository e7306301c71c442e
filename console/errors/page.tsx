import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import { EmptyState } from '../ui/empty-state'
import { type Locale, localeOf } from '../ui/locale'
import { page } from '../ui/page'
import { link, paths, traceLink } from '../ui/paths'
import { ServiceName } from '../ui/service-name'
import { type ErrorGroup, findErrorGroups } from './find-error-groups'
import { messages } from './messages'

const newWithinUs = 5 * 60 * 1_000_000

export function errorsPage(store: Store) {
  return (c: Context): Response => {
    const locale = localeOf(c)
    const text = messages[locale.lang]
    const service = c.req.query('service') || undefined
    const { errorGroups, countsByService } = findErrorGroups(store.db, service)
    const all = service
      ? (countsByService.get(service) ?? 0)
      : [...countsByService.values()].reduce((sum, count) => sum + count, 0)
    return page(
      c,
      store,
      { title: locale.messages.pages.errors, activePage: 'errors', live: ['traces', 'logs'] },
      <>
        <Services locale={locale} services={[...countsByService.keys()]} current={service} />
        {errorGroups.length === 0 && (
          <Empty
            locale={locale}
            store={store}
            isFiltered={countsByService.size > 0}
            origin={new URL(c.req.url).origin}
          />
        )}
        {errorGroups.map((group) => (
          <GroupPanel locale={locale} group={group} />
        ))}
        {errorGroups.length < all && <p class="more">{text.only(errorGroups.length, all)}</p>}
      </>,
    )
  }
}

const Services: FC<{ locale: Locale; services: string[]; current: string | undefined }> = ({
  locale,
  services,
  current,
}) => {
  if (services.length === 0) return null
  return (
    <nav class="tabs" aria-label={locale.messages.service}>
      <a href={paths.errors} aria-current={current ? undefined : 'page'}>
        {locale.messages.all}
      </a>
      {services.map((name) => (
        <a href={link(paths.errors, { service: name })} aria-current={name === current ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  )
}

const GroupPanel: FC<{ locale: Locale; group: ErrorGroup }> = ({ locale: { lang, format }, group }) => {
  const text = messages[lang]
  const { id, service, type, frame, message, stack, first_us, last_us, count, trace_id, span_id } = group
  const isNew = first_us > Date.now() * 1000 - newWithinUs
  return (
    <article class="panel fault" id={`e-${id}`} data-row={group.has_trace === 1 || undefined}>
      <h2>
        {type}{' '}
        {isNew && (
          <span class="badge warn" title={text.isNewLong}>
            {text.isNew}
          </span>
        )}
      </h2>
      {message && <p class="fault-message">{message}</p>}
      {frame && <p class="mono soft">{frame}</p>}
      <ul class="fault-facts">
        <li>
          <ServiceName name={service} />
        </li>
        <li>
          <strong>{text.times(format.count(count))}</strong>
        </li>
        <li title={format.moment(last_us)}>{text.last(format.ago(last_us))}</li>
        <li title={format.moment(first_us)}>{text.first(format.ago(first_us))}</li>
        <li>
          {group.has_trace ? (
            <a href={traceLink(trace_id, span_id)} title={text.lastTraceLong}>
              {text.lastTrace}
            </a>
          ) : (
            <span class="soft">{text.traceMissing}</span>
          )}
        </li>
      </ul>
      {stack && stack !== message && (
        <details>
          <summary>{text.stack}</summary>
          <pre>{stack}</pre>
        </details>
      )}
    </article>
  )
}

interface EmptyProps {
  locale: Locale
  store: Store
  isFiltered: boolean
  origin: string
}

// No error groups mean no errors only if telemetry has arrived.
const Empty: FC<EmptyProps> = ({ locale, store, isFiltered, origin }) => {
  const text = messages[locale.lang]
  const hasNoTelemetry = store.counts.spans + store.counts.logs === 0
  if (isFiltered || hasNoTelemetry) {
    return (
      <EmptyState
        locale={locale}
        store={store}
        signal="traces"
        what={text.what}
        isFiltered={isFiltered}
        origin={origin}
      />
    )
  }
  return (
    <section class="nothing">
      <h2>{text.empty}</h2>
      <p>{text.emptyHelp}</p>
    </section>
  )
}
