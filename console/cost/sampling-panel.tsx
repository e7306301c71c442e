import type { FC } from 'hono/jsx'
import type { Locale } from '../ui/locale'
import type { Cost } from './find-costs'
import { messages } from './messages'
import { type RecentTraceCounts, samplingStrategies } from './sampling'

interface SamplingProps {
  locale: Locale
  sum: Cost
  minutes: number
  counts: RecentTraceCounts
}

/** Estimates how much of the current spans each sampling strategy keeps. */
export const SamplingPanel: FC<SamplingProps> = ({ locale, sum, minutes, counts }) => {
  const { format } = locale
  const text = messages[locale.lang]
  const { traces, spans, alwaysSampledTraces, alwaysSampledSpans } = counts
  const [spansNow, bytesNow] = [sum.spans / minutes, sum.spanBytes / minutes]
  return (
    <section class="cost">
      <h2 id="sampling">{text.sampling}</h2>
      <section class="scroll" tabindex={0} aria-labelledby="sampling">
        <table>
          <thead>
            <tr>
              <th>{text.strategy}</th>
              <th class="number">{text.sampledSpans}</th>
              <th class="number">{text.sampledBytes}</th>
              <th class="number">{text.savedSpans}</th>
              <th class="number">{text.savedBytes}</th>
              <th class="number">{text.saved}</th>
            </tr>
          </thead>
          <tbody>
            {samplingStrategies(counts).map(({ name, sampledSpanRatio }) => (
              <tr>
                <th scope="row">{text.strategies[name]}</th>
                <td class="number">{format.number(spansNow * sampledSpanRatio)}</td>
                <td class="number">{format.bytes(bytesNow * sampledSpanRatio)}</td>
                <td class="number">{format.number(spansNow * (1 - sampledSpanRatio))}</td>
                <td class="number">{format.bytes(bytesNow * (1 - sampledSpanRatio))}</td>
                <td class="number">{format.share(1 - sampledSpanRatio)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="soft">
        {traces === 0
          ? text.noEstimate
          : text.estimate(
              format.count(traces),
              format.count(alwaysSampledTraces),
              format.share(alwaysSampledTraces / traces),
              format.share(spans === 0 ? 0 : alwaysSampledSpans / spans),
            )}{' '}
        {text.unaffected}
      </p>
    </section>
  )
}
