import type { FC } from 'hono/jsx'
import type { Attributes, Value } from '../receive/values'
import type { Locale } from '../ui/locale'
import { link, paths, traceLink } from '../ui/paths'
import { ServiceName } from '../ui/service-name'
import { type LogRow, maxTextLength } from './find-logs'
import { messages } from './messages'
import { levelOf, SeverityBadge } from './severity'

const stackKey = 'exception.stacktrace'
const maxSummaryLength = 240

/** A log record as one line that expands to its attributes and stack trace. */
export const LogLine: FC<{ locale: Locale; log: LogRow }> = ({ locale, log }) => {
  const text = messages[locale.lang]
  const { id, severity, event_name, body, trace_id, span_id } = log
  const level = levelOf(severity)
  const attributes = attributesOf(log.attributes)
  return (
    <li class={`log ${level ?? ''}`} id={`l-${id}`}>
      <details>
        <summary data-row tabindex={0}>
          <span class="when">{locale.format.time(log.time_us)}</span>
          <SeverityBadge severity={severity} />
          <ServiceName name={log.service} />
          <span class="log-text">
            {event_name && event_name !== body && <span class="soft">{event_name}</span>} {body}{' '}
            {attributes && <AttributeSummary body={body} attributes={attributes} />}
          </span>
        </summary>
        <div class="log-more">
          {body.length >= maxTextLength && <p>{text.cut}</p>}
          {attributes ? (
            <AttributeList attributes={attributes} />
          ) : (
            <TruncatedAttributes locale={locale} text={log.attributes} />
          )}
          <p class="log-links">
            {trace_id && <a href={link(paths.logs, { trace: trace_id })}>{text.sameTrace}</a>}
            <a href={`${link(paths.logs, { before: id + 1 })}#l-${id}`}>{text.permalink}</a>
          </p>
        </div>
      </details>
      {trace_id && (
        <a class="log-trace" href={traceLink(trace_id, span_id)} title={text.toSpanLong}>
          {text.toSpan}
        </a>
      )}
    </li>
  )
}

// The exception, and the attributes whose values are not in the body, as far as they fit on the line.
const AttributeSummary: FC<{ body: string; attributes: Attributes }> = ({ body, attributes }) => {
  const { 'exception.type': type, 'exception.message': message } = attributes
  const exception = [type, message].filter((part) => part && !body.includes(String(part))).join(': ')
  const words = new Set(body.split(' '))
  const others = Object.entries(attributes).filter(
    ([key, value]) => !key.startsWith('exception.') && !words.has(formatValue(value)),
  )
  const list = others.map(([key, value]) => `${key}=${formatValue(value)}`).join(' ')
  return (
    <>
      {exception && <span class="bad">{exception}</span>} <small class="gist">{list.slice(0, maxSummaryLength)}</small>
    </>
  )
}

const AttributeList: FC<{ attributes: Attributes }> = ({ attributes }) => {
  const { [stackKey]: stack, ...others } = attributes
  return (
    <>
      <dl class="facts">
        {Object.entries(others).map(([key, value]) => (
          <div>
            <dt>{key}</dt>
            <dd>{formatValue(value)}</dd>
          </div>
        ))}
      </dl>
      {stack && <pre>{formatValue(stack)}</pre>}
    </>
  )
}

const TruncatedAttributes: FC<{ locale: Locale; text: string }> = ({ locale, text }) => (
  <>
    <p>{messages[locale.lang].cut}</p>
    <pre>{text}</pre>
  </>
)

// Attributes that were truncated are not JSON.
function attributesOf(text: string): Attributes | undefined {
  return text.length < maxTextLength ? (JSON.parse(text) as Attributes) : undefined
}

const formatValue = (value: Value): string => (typeof value === 'string' ? value : JSON.stringify(value))
