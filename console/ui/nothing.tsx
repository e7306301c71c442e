import type { FC } from 'hono/jsx'
import type { Signal } from '../receive/routes'
import type { Store } from '../store'
import type { View } from './view'

interface NothingProps {
  view: View
  store: Store
  signal: Signal
  /** What there is none of, in the plural: « traces ». */
  what: string
  /** Whether something was asked for that leaves all out. */
  isFiltered: boolean
  origin: string
}

/** An empty page that says how to fill it, and what the last attempt lacked. */
export const Nothing: FC<NothingProps> = ({ view: { text, format }, store, signal, what, isFiltered, origin }) => {
  if (isFiltered) return <p class="nothing">{text.nothing.filtered}</p>
  const problem = store.problems[signal]
  return (
    <section class="nothing">
      <h2>{text.nothing.title(what)}</h2>
      <p>{text.nothing.how}</p>
      <pre>OTEL_EXPORTER_OTLP_ENDPOINT={origin}</pre>
      <p>{text.nothing.orShop}</p>
      {problem && (
        <>
          <p>{text.nothing.lastProblem(format.ago(problem.atMs * 1000))}</p>
          <pre>{problem.message}</pre>
        </>
      )}
    </section>
  )
}
