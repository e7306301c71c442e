import type { FC } from 'hono/jsx'
import { SeverityBadge } from '../logs/severity'
import type { Value } from '../receive/values'
import type { Locale } from '../ui/locale'
import { ServiceName } from '../ui/service-name'
import type { TraceLog } from './load-trace'

interface LogListProps {
  locale: Locale
  logs: TraceLog[]
  startUs: number
  /** Whether the list is in the details of a span and has only its log records. */
  isInSpan?: boolean
}

/** Log records of a trace, with the time since its start. */
export const LogList: FC<LogListProps> = ({ locale, logs, startUs, isInSpan = false }) => (
  <ol class="log-list">
    {logs.map((log) => {
      const { 'exception.stacktrace': stack, ...attributes } = log.attributes
      return (
        <li id={isInSpan ? undefined : `l-${log.id}`}>
          <span class="when">+{locale.format.duration(Math.max(0, log.timeUs - startUs))}</span>{' '}
          <SeverityBadge severity={log.severity} /> {!isInSpan && <ServiceName name={log.service} />}{' '}
          {!isInSpan && log.spanId ? <a href={`#s-${log.spanId}`}>{titleOf(log)}</a> : <span>{titleOf(log)}</span>}{' '}
          <span class="soft mono">{pairsOf(attributes)}</span>
          {stack && <pre>{String(stack)}</pre>}
        </li>
      )
    })}
  </ol>
)

function titleOf({ eventName, body }: TraceLog): string {
  return eventName && eventName !== body ? `${eventName} · ${body}` : body || eventName
}

const pairsOf = (attributes: Record<string, Value>): string =>
  Object.entries(attributes)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
