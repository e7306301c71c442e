import { scenario } from '../contract'

export default scenario({
  name: 'traffic-spike',
  title: 'eight times as many visitors as normal',
  inject: ({ load }) => load.setRates({ viewsPerS: 70 }),
  // The baseline covers minutes on this stack and a day elsewhere. Two samples, 30 s apart, must deviate from it.
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
