import type { FC } from 'hono/jsx'
import type { SilenceThreshold } from '../alerts/silence-threshold'
import type { AxisAnnotation } from '../annotations/position-on-axis'
import type { Locale } from '../ui/locale'
import { link, paths, traceLink } from '../ui/paths'
import { ServiceName } from '../ui/service-name'
import { Sparkline } from '../ui/sparkline'
import type { TimeWindow } from '../ui/time-window'
import type { ServiceCard } from './find-service-cards'
import { messages } from './messages'

interface CardProps {
  locale: Locale
  card: ServiceCard
  window: TimeWindow
  annotations: AxisAnnotation[]
  silenceThreshold: SilenceThreshold
  isFiring: boolean
}

/** The requests, errors and durations of a service on one card. */
export const Card: FC<CardProps> = ({ locale, card, window, annotations, silenceThreshold, isFiring }) => {
  const { service, stats, lastSeenUs, requests } = card
  const text = messages[locale.lang]
  const { format } = locale
  const isSilent = window.toUs - lastSeenUs > silenceThreshold.thresholdUs
  const lastSeen = lastSeenUs > 0 ? format.ago(lastSeenUs) : '> 1 h'
  const errorShare = stats && stats.count > 0 ? stats.errors / stats.count : 0
  return (
    <article class={isFiring ? 'panel card firing' : 'panel card'}>
      <h2>
        <a href={link(paths.httpRequests, { service, window: window.seconds })}>
          <ServiceName name={service} />
        </a>
      </h2>
      {isSilent && silenceThreshold.isUnexpected && <p class="badge bad">{text.silent(lastSeen)}</p>}
      {isSilent && !silenceThreshold.isUnexpected && <p class="soft">{text.ended(lastSeen)}</p>}
      {stats ? (
        <>
          <p class="rate">
            <strong>{format.rate(stats.count, Math.max(1, stats.seconds))}</strong> {text.rate}
            {stats.source === 'spans' && <small class="soft"> {text.fromSpans}</small>}
          </p>
          <Sparkline values={requests} label={text.spark(service)} annotations={annotations} />
          <dl class="figures">
            <div class={errorShare > 0 ? 'bad' : undefined}>
              <dt>{text.errors}</dt>
              <dd>
                <a href={link(paths.traces, { service, status: 'error' })}>{format.share(errorShare)}</a>
              </dd>
            </div>
            {[0.5, 0.95, 0.99].map((q) => (
              <div>
                <dt>p{q * 100}</dt>
                <dd>{format.duration(stats.quantileUs(q))}</dd>
              </div>
            ))}
          </dl>
        </>
      ) : (
        <p class="soft">{text.noRequests}</p>
      )}
      <LastError locale={locale} card={card} />
    </article>
  )
}

const LastError: FC<{ locale: Locale; card: ServiceCard }> = ({
  locale: { lang, format },
  card: { service, lastError },
}) => {
  const text = messages[lang]
  if (!lastError) return <p class="soft last-error">{text.noError}</p>
  const { type, message, traceId, spanId, atUs } = lastError
  return (
    <p class="last-error">
      {text.lastError(format.ago(atUs))}{' '}
      <a class="bad" href={traceId ? traceLink(traceId, spanId) : link(paths.errors, { service })}>
        {type}
      </a>{' '}
      <span class="soft">{message.slice(0, 120)}</span>
    </p>
  )
}
