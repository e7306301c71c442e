import type { Endpoints } from '../../stack/endpoints'
import type { Check } from './check'

type Env = Record<string, string | undefined>

const who = 'GRAFANA_ADMIN_USER and GRAFANA_ADMIN_PASSWORD'

/** Only where a Grafana runs, which natively none does: its data sources answer, its dashboards are there. */
export async function grafanaChecks({ grafana }: Pick<Endpoints, 'grafana'>, env: Env): Promise<Check[]> {
  const answer = await fetch(`${grafana}/api/health`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
  if (!answer?.ok) return []
  const askGrafana = createAsk(grafana, env)
  const sources = ['prometheus', 'loki', 'jaeger', 'alertmanager']
  return [
    ...sources.map(
      (uid): Check => ({
        name: `Grafana reaches ${uid}`,
        expected: 'status OK of the data source’s health',
        advice: `see ${grafana}/connections/datasources/edit/${uid}; ${who} say who asks`,
        async run() {
          // Alertmanager's source has no health of its own: that it is provisioned must do.
          const path = uid === 'alertmanager' ? `/api/datasources/uid/${uid}` : `/api/datasources/uid/${uid}/health`
          const { status, message, name } = await askGrafana<{ status?: string; message?: string; name?: string }>(path)
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
        const there = (await askGrafana<{ uid: string }[]>('/api/search?type=dash-db')).map(({ uid }) => uid)
        const missing = wanted.filter((uid) => !there.includes(uid))
        return {
          ok: missing.length === 0,
          seen: missing.length > 0 ? `missing: ${missing.join(', ')}` : `${wanted.length} dashboards`,
        }
      },
    },
  ]
}

/** Asks as the administrator; once refused never again, as Grafana locks out who tries too often. */
function createAsk(grafana: string, { GRAFANA_ADMIN_USER, GRAFANA_ADMIN_PASSWORD }: Env) {
  const login = `${GRAFANA_ADMIN_USER || 'admin'}:${GRAFANA_ADMIN_PASSWORD || 'development-admin'}`
  const headers = { Authorization: `Basic ${Buffer.from(login).toString('base64')}` }
  let isRefused = false
  return async <T>(path: string): Promise<T> => {
    if (isRefused) throw new Error(`not asked: it has refused ${who}`)
    const answer = await fetch(`${grafana}${path}`, { headers, signal: AbortSignal.timeout(10_000) })
    isRefused = answer.status === 401
    if (isRefused) throw new Error(`401: set ${who} to those of this Grafana`)
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${(await answer.text()).slice(0, 300)}`)
    return (await answer.json()) as T
  }
}
