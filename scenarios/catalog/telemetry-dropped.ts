import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'telemetry-dropped',
  title: "half of frontend's exports are rejected: traces and log records are missing",
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
