import { ask } from '../backends'
import type { Check } from './check'
import type { Places } from './places'

/** Only where a Grafana runs, which natively none does: its data sources answer, its dashboards are there. */
export async function grafanaChecks({ grafana }: Places, env: Record<string, string | undefined>): Promise<Check[]> {
  const headers = {
    Authorization: `Basic ${btoa(`${env.GRAFANA_USER ?? 'admin'}:${env.GRAFANA_PASSWORD ?? 'admin'}`)}`,
  }
  const answer = await fetch(`${grafana}/api/health`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
  if (!answer?.ok) return []
  const sources = ['prometheus', 'loki', 'jaeger', 'alertmanager']
  return [
    ...sources.map(
      (uid): Check => ({
        name: `Grafana reaches ${uid}`,
        expected: 'status OK of the data source’s health',
        advice: `see ${grafana}/connections/datasources/edit/${uid}; GRAFANA_USER and GRAFANA_PASSWORD say who asks`,
        async run() {
          // Alertmanager's source has no health of its own: that it is provisioned must do.
          const path = uid === 'alertmanager' ? `/api/datasources/uid/${uid}` : `/api/datasources/uid/${uid}/health`
          const { status, message, name } = await ask<{ status?: string; message?: string; name?: string }>(
            `${grafana}${path}`,
            { headers },
          )
          return { ok: status === 'OK' || name !== undefined, seen: message ?? name ?? `${status}` }
        },
      }),
    ),
    {
      name: 'Grafana has the dashboards of the repository',
      expected: 'each uid of grafana-provisioning/dashboards',
      advice: 'see Grafana’s log for « provisioning »',
      async run() {
        const files = [...new Bun.Glob('grafana-provisioning/dashboards/*.json').scanSync('.')]
        const wanted = await Promise.all(
          files.map(async (file) => ((await Bun.file(file).json()) as { uid: string }).uid),
        )
        const there = (await ask<{ uid: string }[]>(`${grafana}/api/search?type=dash-db`, { headers })).map(
          ({ uid }) => uid,
        )
        const missing = wanted.filter((uid) => !there.includes(uid))
        return {
          ok: missing.length === 0,
          seen: missing.length > 0 ? `missing: ${missing.join(', ')}` : `${wanted.length} dashboards`,
        }
      },
    },
  ]
}
