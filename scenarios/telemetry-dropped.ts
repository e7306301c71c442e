import { t } from '../src/typography'
import { scenario, usual } from './contract'

export default scenario({
  name: 'telemetry-dropped',
  title: t`la moitié des envois de frontend sont refusés : des traces et des lignes manquent`,
  inject: ({ fault }) => fault('dropped-export', { value: 1, service: 'frontend', percent: 50 }),
  alerts: [
    {
      name: 'TelemetryDropped',
      labels: { service_name: 'frontend' },
      ...usual,
      cause: { service_name: 'frontend', lost: 'by a service' },
    },
  ],
  unnoticed: true,
})
