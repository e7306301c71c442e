import type { FC } from 'hono/jsx'
import type { View } from '../ui/view'
import type { Cost } from './find-costs'
import { plansFor, type Sample } from './sampling'
import { texts } from './text'

interface SamplingProps {
  view: View
  sum: Cost
  minutes: number
  sample: Sample
}

/** What sampling would keep of the spans that come now. */
export const SamplingPanel: FC<SamplingProps> = ({ view, sum, minutes, sample }) => {
  const { format } = view
  const text = texts[view.lang]
  const { traces, spans, keptTraces, keptSpans } = sample
  const [spansNow, bytesNow] = [sum.spans / minutes, sum.spanBytes / minutes]
  return (
    <section class="cost">
      <h2 id="sampling">{text.sampling}</h2>
      <section class="scroll" tabindex={0} aria-labelledby="sampling">
        <table>
          <thead>
            <tr>
              <th>{text.plan}</th>
              <th class="number">{text.keptSpans}</th>
              <th class="number">{text.keptBytes}</th>
              <th class="number">{text.savedSpans}</th>
              <th class="number">{text.savedBytes}</th>
              <th class="number">{text.saved}</th>
            </tr>
          </thead>
          <tbody>
            {plansFor(sample).map(({ name, keeps }) => (
              <tr>
                <th scope="row">{text.plans[name]}</th>
                <td class="number">{format.number(spansNow * keeps)}</td>
                <td class="number">{format.bytes(bytesNow * keeps)}</td>
                <td class="number">{format.number(spansNow * (1 - keeps))}</td>
                <td class="number">{format.bytes(bytesNow * (1 - keeps))}</td>
                <td class="number">{format.share(1 - keeps)}</td>
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
              format.count(keptTraces),
              format.share(keptTraces / traces),
              format.share(spans === 0 ? 0 : keptSpans / spans),
            )}{' '}
        {text.untouched}
      </p>
    </section>
  )
}
