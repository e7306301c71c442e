import { serviceNames } from '../../services/names'
import { t } from '../../src/typography'
import { jaegerTraces, logql, promqlTable } from './data-sources'
import { logs, table } from './panels'
import { requestDurationMetric, selectedServices } from './promql'

// What explains a bend of the curves above: the route, the trace, the line.

export const slowestRoutes = () =>
  table({
    title: t`Routes les plus lentes`,
    description: t`95e centile des durées par route sur la période affichée, les dix plus lentes d'abord.`,
    unit: 's',
    width: 12,
    height: 10,
    queries: [
      promqlTable(
        `topk(10, histogram_quantile(0.95, sum by (le, service_name, http_route) (increase(${requestDurationMetric}_bucket{${selectedServices}, http_route!=""}[$__range]))) > 0)`,
      ),
    ],
  })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        renameByName: { service_name: t`Service`, http_route: t`Route`, Value: t`Durée` },
      },
    })
    .withTransformation({ id: 'sortBy', options: { sort: [{ field: t`Durée`, desc: true }] } })

export const failedTraces = () =>
  table({
    title: t`Traces en échec`,
    description: t`Dernières traces dont un span a échoué, de chaque service ; l'identifiant ouvre la trace, et de là ses journaux.`,
    unit: 'short',
    width: 12,
    height: 10,
    emptyWhile: t`rien n'échoue`,
    queries: serviceNames.map((name) => jaegerTraces(name, 'error=true')),
  }).withTransformation({ id: 'merge', options: {} })

export const errorLogs = () =>
  logs({
    title: t`Erreurs des journaux`,
    description: t`Lignes d'erreur des services choisis, les dernières d'abord.`,
    unit: 'short',
    width: 12,
    height: 10,
    emptyWhile: t`rien n'échoue`,
    queries: [
      logql(
        `{${selectedServices}} | severity_text=~"ERROR|FATAL" |= "$texte" | line_format "{{.service_name}} · {{__line__}}"`,
      ),
    ],
  })

export const liveLogs = () =>
  logs({
    title: t`Journaux en direct`,
    description: t`Toutes les lignes des services choisis qui contiennent le texte cherché. Une ligne s'ouvre sur ses champs et sur sa trace.`,
    unit: 'short',
    width: 24,
    height: 12,
    queries: [
      logql(`{${selectedServices}} |= "$texte" | line_format "{{.service_name}} · {{.severity_text}} · {{__line__}}"`),
    ],
  })
