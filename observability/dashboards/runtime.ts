import { t } from '../../src/typography'
import { buildDashboard } from './build-dashboard'
import { promql } from './data-sources'
import { timeSeries } from './panels'
import { currentGauge, rate, selectedServices } from './promql'
import { serviceVariable } from './variables'

const lost = `${selectedServices}, error_type!=""`

/** What the processes themselves go through, their telemetry included. */
export const runtime = () =>
  buildDashboard({
    name: 'runtime',
    title: t`Processus`,
    description: t`Processeur, mémoire, boucle d'événements et télémétrie de chaque service.`,
    variables: [serviceVariable('process_memory_usage_bytes')],
    sections: [
      { title: t`Ressources`, panels: resources() },
      { title: t`Réactivité`, panels: responsiveness() },
      { title: t`Télémétrie des services`, panels: telemetry() },
    ],
  })

const resources = () => [
  timeSeries({
    title: t`Processeur`,
    description: t`Cœurs occupés par chaque service : 1 est un cœur plein, et la boucle d'événements n'en a qu'un.`,
    unit: 'percentunit',
    width: 12,
    steps: [[0.9, 'red']],
    queries: [promql(rate('process_cpu_time_seconds_total', selectedServices, 'service_name'), '{{service_name}}')],
  }),
  timeSeries({
    title: t`Mémoire`,
    description: t`Mémoire résidente de chaque processus. Une pente qui ne redescend jamais est une fuite.`,
    unit: 'bytes',
    width: 12,
    queries: [
      promql(
        `max by (service_name, service_instance_id) (${currentGauge('process_memory_usage_bytes', selectedServices)})`,
        '{{service_name}} {{service_instance_id}}',
      ),
    ],
  }),
]

const responsiveness = () => [
  delay(t`Retard de la boucle d'événements, 99e centile`, 'p99'),
  delay(t`Retard de la boucle d'événements, le plus long`, 'max'),
  timeSeries({
    title: t`Requêtes en cours`,
    description: t`Requêtes auxquelles chaque service n'a pas fini de répondre.`,
    unit: 'short',
    width: 8,
    queries: [
      promql(
        `sum by (service_name) (${currentGauge('http_server_active_requests', selectedServices)})`,
        '{{service_name}}',
      ),
    ],
  }),
]

const delay = (title: string, which: 'p99' | 'max') =>
  timeSeries({
    title,
    description: t`De combien un minuteur se déclenche en retard. Au-delà de 100 ms, un calcul bloque tout le processus.`,
    unit: 's',
    width: 8,
    steps: [[0.1, 'red']],
    queries: [
      promql(
        `max by (service_name) (${currentGauge(`nodejs_eventloop_delay_${which}_seconds`, selectedServices)})`,
        '{{service_name}}',
      ),
    ],
  })

const telemetry = () => [
  timeSeries({
    title: t`Files d'attente`,
    description: t`Part occupée des files de spans et de lignes qui attendent d'être envoyés. Pleine, elle perd le plus récent.`,
    unit: 'percentunit',
    width: 8,
    steps: [[0.7, 'red']],
    queries: [queue('span', t`spans`), queue('log', t`lignes`)],
  }),
  timeSeries({
    title: t`Télémétrie perdue`,
    description: t`Spans, lignes et points par seconde que personne n'a reçus, par raison. L'alerte TelemetryDropped sonne dès qu'il y en a.`,
    unit: 'cps',
    width: 8,
    emptyWhile: t`rien ne s'est perdu depuis le démarrage`,
    steps: [[0.001, 'red']],
    queries: [
      promql(rate('otel_sdk_processor_span_processed_total', lost, 'service_name, error_type'), dropped(t`spans`)),
      promql(rate('otel_sdk_processor_log_processed_total', lost, 'service_name, error_type'), dropped(t`lignes`)),
      promql(
        rate('otel_sdk_exporter_metric_data_point_exported_total', lost, 'service_name, error_type'),
        dropped(t`points`),
      ),
    ],
  }),
  timeSeries({
    title: t`Télémétrie envoyée`,
    description: t`Spans, lignes et points par seconde dont l'envoi a fini.`,
    unit: 'cps',
    width: 8,
    queries: [
      promql(
        rate('otel_sdk_exporter_span_exported_total', selectedServices, 'service_name'),
        t`{{service_name}} spans`,
      ),
      promql(
        rate('otel_sdk_exporter_log_exported_total', selectedServices, 'service_name'),
        t`{{service_name}} lignes`,
      ),
      promql(
        rate('otel_sdk_exporter_metric_data_point_exported_total', selectedServices, 'service_name'),
        t`{{service_name}} points`,
      ),
    ],
  }),
]

const queue = (signal: 'span' | 'log', name: string) => {
  const level = (which: string) =>
    `sum by (service_name) (${currentGauge(`otel_sdk_processor_${signal}_queue_${which}`, selectedServices)})`
  return promql(`${level('size')} / ${level('capacity')}`, t`{{service_name}} ${name}`)
}

const dropped = (name: string): string => t`{{service_name}} ${name} {{error_type}}`
