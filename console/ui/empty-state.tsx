import type { FC } from 'hono/jsx'
import type { Signal } from '../receive/routes'
import type { Store } from '../store'
import type { Locale } from './locale'

interface EmptyStateProps {
  locale: Locale
  store: Store
  signal: Signal
  /** What is missing, as a noun in the plural: « traces ». */
  what: string
  /** Whether there is data, but the filters exclude it. */
  isFiltered: boolean
  origin: string
}

/** Explains on an empty page how to send data, with the error of the last refused export. */
export const EmptyState: FC<EmptyStateProps> = ({
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
