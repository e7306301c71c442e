import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import { Nothing } from '../ui/nothing'
import { page } from '../ui/page'
import { link, paths, traceLink } from '../ui/paths'
import { Service } from '../ui/service'
import { type View, viewOf } from '../ui/view'
import { type FaultGroup, findFaults } from './find-faults'
import { texts } from './text'

const newForUs = 5 * 60 * 1_000_000

export function errorsPage(store: Store) {
  return (c: Context): Response => {
    const view = viewOf(c)
    const text = texts[view.lang]
    const service = c.req.query('service') || undefined
    const { faults, groups } = findFaults(store.db, service)
    const all = service ? (groups.get(service) ?? 0) : [...groups.values()].reduce((sum, count) => sum + count, 0)
    return page(
      c,
      store,
      { title: view.text.pages.errors, at: 'errors', live: ['traces', 'logs'] },
      <>
        <Services view={view} services={[...groups.keys()]} current={service} />
        {faults.length === 0 && (
          <None view={view} store={store} isFiltered={groups.size > 0} origin={new URL(c.req.url).origin} />
        )}
        {faults.map((fault) => (
          <Fault view={view} fault={fault} />
        ))}
        {faults.length < all && <p class="more">{text.only(faults.length, all)}</p>}
      </>,
    )
  }
}

const Services: FC<{ view: View; services: string[]; current: string | undefined }> = ({ view, services, current }) => {
  if (services.length === 0) return null
  return (
    <nav class="tabs" aria-label={view.text.service}>
      <a href={paths.errors} aria-current={current ? undefined : 'page'}>
        {view.text.all}
      </a>
      {services.map((name) => (
        <a href={link(paths.errors, { service: name })} aria-current={name === current ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  )
}

const Fault: FC<{ view: View; fault: FaultGroup }> = ({ view: { lang, format }, fault }) => {
  const text = texts[lang]
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
          <Service name={service} />
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
  view: View
  store: Store
  isFiltered: boolean
  origin: string
}

// That nothing failed is only good news where something was seen.
const None: FC<NoneProps> = ({ view, store, isFiltered, origin }) => {
  const text = texts[view.lang]
  const isSilent = store.counts.spans + store.counts.logs === 0
  if (isFiltered || isSilent) {
    return (
      <Nothing view={view} store={store} signal="traces" what={text.what} isFiltered={isFiltered} origin={origin} />
    )
  }
  return (
    <section class="nothing">
      <h2>{text.none}</h2>
      <p>{text.noneHow}</p>
    </section>
  )
}
