import { t } from '../../src/typography'
import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'telemetry-dropped',
  title: t`la moitié des envois de frontend sont refusés : des traces et des lignes manquent`,
  inject: ({ setFault }) => setFault('dropped-export', { value: 1, service: 'frontend', percent: 50 }),
  alerts: [
    {
      name: 'TelemetryDropped',
      labels: { service_name: 'frontend' },
      ...defaultDeadlines,
      cause: { service_name: 'frontend', lost: 'by a service' },
    },
  ],
  shoppersUnaffected: true,
})
