import type { FC } from 'hono/jsx'
import type { Attributes, Value } from '../receive/values'
import type { Locale } from '../ui/locale'
import { traceLink } from '../ui/paths'
import type { TraceLog } from './load-trace'
import { LogList } from './log-list'
import { messages } from './messages'
import type { TraceSpan } from './span-tree'

interface DetailsProps {
  locale: Locale
  span: TraceSpan
  logs: TraceLog[]
  startUs: number
}

/** All data of a span. */
export const SpanDetails: FC<DetailsProps> = ({ locale, span, logs, startUs }) => {
  const text = messages[locale.lang]
  return (
    <div class="span-details">
      <p class="soft">
        {[
          text.kinds[span.kind],
          span.scope && `${text.scope} ${span.scope}`,
          `+${locale.format.duration(span.startUs - startUs)}`,
        ]
          .filter(Boolean)
          .join(' · ')}{' '}
        <code>{span.spanId}</code>
      </p>
      {span.statusMessage && (
        <p class="bad">
          {text.status} {span.statusMessage}
        </p>
      )}
      <Pairs title={text.attributes} attributes={span.attributes} />
      {span.events.length > 0 && (
        <>
          <h3>{text.events}</h3>
          {span.events.map(({ name, timeUs, attributes }) => (
            <Pairs title={`${name} +${locale.format.duration(timeUs - startUs)}`} attributes={attributes} />
          ))}
        </>
      )}
      {span.links.length > 0 && (
        <>
          <h3>{text.links}</h3>
          <ul>
            {span.links.map(({ traceId, spanId }) => (
              <li>
                <a href={traceLink(traceId, spanId)}>
                  <code>{traceId}</code>
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
      {logs.length > 0 && (
        <>
          <h3>{text.logs}</h3>
          <LogList locale={locale} logs={logs} startUs={startUs} isInSpan />
        </>
      )}
      <details class="resource">
        <summary>{text.resource}</summary>
        <Pairs attributes={JSON.parse(span.resource)} />
      </details>
    </div>
  )
}

/** Keys and values. Texts with several lines are preformatted. */
const Pairs: FC<{ title?: string; attributes: Attributes }> = ({ title, attributes }) => (
  <>
    {title && <h3>{title}</h3>}
    <dl class="pairs">
      {Object.entries(attributes).map(([key, value]) => (
        <div>
          <dt>{key}</dt>
          <dd>{formatValue(value)}</dd>
        </div>
      ))}
    </dl>
  </>
)

function formatValue(value: Value) {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.includes('\n') ? <pre>{text}</pre> : <code>{text}</code>
}
