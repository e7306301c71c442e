import type { FC } from 'hono/jsx'
import type { Silence } from '../alerts/silence'
import type { OnAxis } from '../marks/on-axis'
import { link, paths, traceLink } from '../ui/paths'
import { Service } from '../ui/service'
import { Spark } from '../ui/spark'
import type { View } from '../ui/view'
import type { Window } from '../ui/window'
import type { ServiceCard } from './find-services'
import { texts } from './text'

interface CardProps {
  view: View
  card: ServiceCard
  window: Window
  marks: OnAxis[]
  silence: Silence
  isFiring: boolean
}

/** How a program does, on one card. */
export const Card: FC<CardProps> = ({ view, card, window, marks, silence, isFiring }) => {
  const { service, figures, lastSeenUs, requests } = card
  const text = texts[view.lang]
  const { format } = view
  const isSilent = window.toUs - lastSeenUs > silence.afterUs
  const lastSign = lastSeenUs > 0 ? format.ago(lastSeenUs) : '> 1 h'
  const errorShare = figures && figures.count > 0 ? figures.errors / figures.count : 0
  return (
    <article class={isFiring ? 'panel card firing' : 'panel card'}>
      <h2>
        <a href={link(paths.routes, { service, window: window.seconds })}>
          <Service name={service} />
        </a>
      </h2>
      {isSilent && silence.isFault && <p class="badge bad">{text.silent(lastSign)}</p>}
      {isSilent && !silence.isFault && <p class="soft">{text.ended(lastSign)}</p>}
      {figures ? (
        <>
          <p class="rate">
            <strong>{format.rate(figures.count, Math.max(1, figures.seconds))}</strong> {text.rate}
            {figures.source === 'spans' && <small class="soft"> {text.fromSpans}</small>}
          </p>
          <Spark values={requests} label={text.spark(service)} marks={marks} />
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
                <dd>{format.duration(figures.quantileUs(q))}</dd>
              </div>
            ))}
          </dl>
        </>
      ) : (
        <p class="soft">{text.noRequests}</p>
      )}
      <LastError view={view} card={card} />
    </article>
  )
}

const LastError: FC<{ view: View; card: ServiceCard }> = ({ view: { lang, format }, card: { service, lastError } }) => {
  const text = texts[lang]
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
