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

const newForUs = 5 * 60 * 1_000_000

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
          <None
            locale={locale}
            store={store}
            isFiltered={countsByService.size > 0}
            origin={new URL(c.req.url).origin}
          />
        )}
        {errorGroups.map((fault) => (
          <Fault locale={locale} fault={fault} />
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

const Fault: FC<{ locale: Locale; fault: ErrorGroup }> = ({ locale: { lang, format }, fault }) => {
  const text = messages[lang]
  const { id, service, type, frame, message, stack, first_us, last_us, count, trace_id, span_id } = fault
  const isNew = first_us > Date.now() * 1000 - newForUs
  return (
    <article class="panel fault" id={`e-${id}`} data-row={fault.has_trace === 1 || undefined}>
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
          {fault.has_trace ? (
            <a href={traceLink(trace_id, span_id)} title={text.exampleLong}>
              {text.example}
            </a>
          ) : (
            <span class="soft">{text.traceGone}</span>
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

interface NoneProps {
  locale: Locale
  store: Store
  isFiltered: boolean
  origin: string
}

// That nothing failed is only good news where something was seen.
const None: FC<NoneProps> = ({ locale, store, isFiltered, origin }) => {
  const text = messages[locale.lang]
  const isSilent = store.counts.spans + store.counts.logs === 0
  if (isFiltered || isSilent) {
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
      <h2>{text.none}</h2>
      <p>{text.noneHow}</p>
    </section>
  )
}
