import { t } from '../../src/typography'
import { scenario } from '../contract'

export default scenario({
  name: 'traffic-spike',
  title: t`huit fois plus de visiteurs que d'habitude`,
  inject: ({ load }) => load.setRates({ viewsPerS: 70 }),
  // What is usual are minutes here and a day elsewhere; two of its samples, 30 s apart, must be unusual.
  alerts: [
    {
      name: 'RequestRateAnomaly',
      labels: { service_name: 'frontend' },
      firingWithinS: 150,
      resolvedWithinS: 180,
      requiresShrink: true,
      cause: { change: 'more', service_name: 'frontend', http_route: '/product/:slug' },
    },
  ],
  minHistoryS: 720,
})
