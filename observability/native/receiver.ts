import { answers, type Planned, script } from '../../src/launch/planned'
import type { StackPlaces } from '../places'

/** What prints alerts and hands them to the console. */
export const plannedReceiver = (places: StackPlaces): Planned => ({
  name: 'alerts',
  command: script('observability/alertmanager/receiver.ts'),
  url: `${places.receiver}/alerts`,
  shows: 'the last alerts that were sent, as JSON',
  ports: [Number(new URL(places.receiver).port)],
  env: { RECEIVER_PORT: new URL(places.receiver).port, CONSOLE_URL: places.console },
  isReady: () => answers(`${places.receiver}/ready`),
  stopsLast: true,
})
