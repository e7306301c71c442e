import { isResponding, type Program, scriptCommand } from '../../launch/program'
import type { StackEndpoints } from '../endpoints'

/** What prints alerts and hands them to the console. */
export const alertReceiverProgram = (places: StackEndpoints): Program => ({
  name: 'alerts',
  command: scriptCommand('stack/alert-receiver/index.ts'),
  url: `${places.alertReceiver}/alerts`,
  description: 'the last alerts that were sent, as JSON',
  ports: [Number(new URL(places.alertReceiver).port)],
  env: { RECEIVER_PORT: new URL(places.alertReceiver).port, CONSOLE_URL: places.console },
  isReady: () => isResponding(`${places.alertReceiver}/ready`),
  stopsLast: true,
})
