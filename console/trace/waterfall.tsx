import type { FC } from 'hono/jsx'
import { addressOf, isQuery, peerOf } from '../store/semantic-conventions'
import type { Locale } from '../ui/locale'
import { serviceColor } from '../ui/service-name'
import type { Trace, TraceLog } from './load-trace'
import { messages } from './messages'
import { SpanDetails } from './span-details'
import type { TraceSpan } from './span-tree'

interface WaterfallProps {
  locale: Locale
  trace: Trace
  /** Whether a span matches the search; `undefined` without a search. */
  isMatch: ((span: TraceSpan) => boolean) | undefined
}

const maxRows = 2000
const ticks = [0, 0.25, 0.5, 0.75, 1]

/** Spans as bars over time, each below its parent. The details of a span open below its bar. */
export const Waterfall: FC<WaterfallProps> = ({ locale, trace, isMatch }) => {
  const { row, spans, logs } = trace
  const text = messages[locale.lang]
  const lengthUs = Math.max(1, row.duration_us)
  const at = (us: number) => `${(((us - row.start_us) / lengthUs) * 100).toFixed(3)}%`
  const logsOf = Map.groupBy(logs, ({ spanId }) => spanId)
  return (
    <section class="panel waterfall" aria-label={text.waterfall}>
      <div class="ruler" aria-hidden="true">
        <span />
        <span class="ticks">
          {ticks.map((share) => (
            <span>{locale.format.duration(lengthUs * share)}</span>
          ))}
        </span>
        <span />
      </div>
      <ol>
        {spans.slice(0, maxRows).map((span) => {
          const own = logsOf.get(span.spanId) ?? []
          const width = `${((span.durationUs / lengthUs) * 100).toFixed(3)}%`
          return (
            <li
              id={`s-${span.spanId}`}
              class={classesOf(span, isMatch)}
              data-depth={span.depth}
              data-below={span.descendantCount || undefined}
            >
              <details>
                <summary data-row>
                  <Name locale={locale} span={span} />
                  <Bar span={span} x={at(span.startUs)} width={width} logs={own} at={at} />
                  <span class="took">
                    {locale.format.duration(span.durationUs)}
                    {span.descendantCount > 0 && (
                      <small title={text.selfTitle}>
                        {text.self} {locale.format.duration(Math.max(0, span.selfUs))}
                      </small>
                    )}
                  </span>
                </summary>
                <SpanDetails locale={locale} span={span} logs={own} startUs={row.start_us} />
              </details>
            </li>
          )
        })}
      </ol>
      {spans.length > maxRows && <p class="soft">{text.truncated(maxRows, spans.length)}</p>}
    </section>
  )
}

function classesOf(span: TraceSpan, isMatch: WaterfallProps['isMatch']): string {
  const classes = [serviceColor(span.service), `d${Math.min(span.depth, 20)}`]
  if (span.isError) classes.push('failed')
  if (span.isCritical) classes.push('critical')
  if (isMatch) classes.push(isMatch(span) ? 'match' : 'other')
  return classes.join(' ')
}

const Name: FC<{ locale: Locale; span: TraceSpan }> = ({ locale, span }) => {
  const text = messages[locale.lang]
  return (
    <span class="name">
      <span class="service">{span.service}</span> <span class="what">{titleOf(span)}</span>{' '}
      {span.isError && <span class="badge bad">{String(span.attributes['error.type'] ?? text.errors(1))}</span>}{' '}
      {span.isOrphan && <span class="badge warn">{text.orphan}</span>}
    </span>
  )
}

// The name of a client span can be the method only, such as `GET`.
function titleOf(span: TraceSpan): string {
  const peer = peerOf(span) || addressOf(span)
  return span.kind === 3 && !isQuery(span) && peer ? `${span.name} → ${peer}` : span.name
}

interface BarProps {
  span: TraceSpan
  x: string
  width: string
  logs: TraceLog[]
  at: (us: number) => string
}

const Bar: FC<BarProps> = ({ span, x, width, logs, at }) => (
  <svg class="bar" aria-hidden="true">
    <rect class="time" x={x} width={width} y="6" height="12" rx="3" />
    {span.isCritical && <rect class="path" x={x} width={width} y="20" height="2" />}
    {logs.map(({ timeUs, severity, body, eventName }) => (
      <circle class={severity >= 17 ? 'log bad' : 'log'} cx={at(timeUs)} cy="12" r="3.5">
        <title>{eventName || body}</title>
      </circle>
    ))}
  </svg>
)
