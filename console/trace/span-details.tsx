import type { FC } from 'hono/jsx'
import type { Attributes, Value } from '../receive/values'
import { traceLink } from '../ui/paths'
import type { View } from '../ui/view'
import type { TraceSpan } from './arrange'
import type { TraceLog } from './load-trace'
import { LogList } from './log-list'
import { texts } from './text'

interface DetailsProps {
  view: View
  span: TraceSpan
  logs: TraceLog[]
  startUs: number
}

/** All that a span says. */
export const SpanDetails: FC<DetailsProps> = ({ view, span, logs, startUs }) => {
  const text = texts[view.lang]
  return (
    <div class="span-details">
      <p class="soft">
        {[
          text.kinds[span.kind],
          span.scope && `${text.scope} ${span.scope}`,
          `+${view.format.duration(span.startUs - startUs)}`,
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
            <Pairs title={`${name} +${view.format.duration(timeUs - startUs)}`} attributes={attributes} />
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
          <LogList view={view} logs={logs} startUs={startUs} isInSpan />
        </>
      )}
      <details class="resource">
        <summary>{text.resource}</summary>
        <Pairs attributes={JSON.parse(span.resource)} />
      </details>
    </div>
  )
}

/** Keys and values; long texts as they were written. */
const Pairs: FC<{ title?: string; attributes: Attributes }> = ({ title, attributes }) => (
  <>
    {title && <h3>{title}</h3>}
    <dl class="pairs">
      {Object.entries(attributes).map(([key, value]) => (
        <div>
          <dt>{key}</dt>
          <dd>{shown(value)}</dd>
        </div>
      ))}
    </dl>
  </>
)

function shown(value: Value) {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.includes('\n') ? <pre>{text}</pre> : <code>{text}</code>
}
