import type { FC } from 'hono/jsx'
import type { Signal } from '../receive/routes'
import type { Store } from '../store'
import type { Locale } from './locale'

interface NothingProps {
  locale: Locale
  store: Store
  signal: Signal
  /** What there is none of, in the plural: « traces ». */
  what: string
  /** Whether something was asked for that leaves all out. */
  isFiltered: boolean
  origin: string
}

/** An empty page that says how to fill it, and what the last attempt lacked. */
export const EmptyState: FC<NothingProps> = ({
  locale: { messages, format },
  store,
  signal,
  what,
  isFiltered,
  origin,
}) => {
  if (isFiltered) return <p class="nothing">{messages.emptyState.filtered}</p>
  const problem = store.lastErrors[signal]
  return (
    <section class="nothing">
      <h2>{messages.emptyState.title(what)}</h2>
      <p>{messages.emptyState.how}</p>
      <pre>OTEL_EXPORTER_OTLP_ENDPOINT={origin}</pre>
      <p>{messages.emptyState.orShop}</p>
      {problem && (
        <>
          <p>{messages.emptyState.lastProblem(format.ago(problem.atMs * 1000))}</p>
          <pre>{problem.message}</pre>
        </>
      )}
    </section>
  )
}
