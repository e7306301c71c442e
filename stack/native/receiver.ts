import { isResponding, type Program, script } from '../../launch/program'
import type { StackEndpoints } from '../endpoints'

/** What prints alerts and hands them to the console. */
export const alertReceiverProgram = (places: StackEndpoints): Program => ({
  name: 'alerts',
  command: script('stack/alert-receiver/index.ts'),
  url: `${places.receiver}/alerts`,
  shows: 'the last alerts that were sent, as JSON',
  ports: [Number(new URL(places.receiver).port)],
  env: { RECEIVER_PORT: new URL(places.receiver).port, CONSOLE_URL: places.console },
  isReady: () => isResponding(`${places.receiver}/ready`),
  stopsLast: true,
})
