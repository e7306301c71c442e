import type { Endpoints } from '../../stack/endpoints'
import type { Check } from './check'

type Env = Record<string, string | undefined>

const credentials = 'GRAFANA_ADMIN_USER and GRAFANA_ADMIN_PASSWORD'

/** Checks of Grafana’s data sources and dashboards; none when no Grafana runs, as in the native stack. */
export async function grafanaChecks({ grafana }: Pick<Endpoints, 'grafana'>, env: Env): Promise<Check[]> {
  const response = await fetch(`${grafana}/api/health`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
  if (!response?.ok) return []
  const getJson = createClient(grafana, env)
  const sources = ['prometheus', 'loki', 'jaeger', 'alertmanager']
  return [
    ...sources.map(
      (uid): Check => ({
        name: `Grafana reaches ${uid}`,
        expected: 'status OK of the data source’s health',
        advice: `see ${grafana}/connections/datasources/edit/${uid}; ${credentials} set the login`,
        async run() {
          // Alertmanager’s data source has no health endpoint, so only its provisioning is checked.
          const path = uid === 'alertmanager' ? `/api/datasources/uid/${uid}` : `/api/datasources/uid/${uid}/health`
          const { status, message, name } = await getJson<{ status?: string; message?: string; name?: string }>(path)
          return { ok: status === 'OK' || name !== undefined, seen: message ?? name ?? `${status}` }
        },
      }),
    ),
    {
      name: 'Grafana has the dashboards of the repository',
      expected: 'each uid of grafana-provisioning/dashboards',
      advice: 'see Grafana’s log for "provisioning"',
      async run() {
        const files = [...new Bun.Glob('grafana-provisioning/dashboards/*.json').scanSync('.')]
        const expected = await Promise.all(
          files.map(async (file) => ((await Bun.file(file).json()) as { uid: string }).uid),
        )
        const found = (await getJson<{ uid: string }[]>('/api/search?type=dash-db')).map(({ uid }) => uid)
        const missing = expected.filter((uid) => !found.includes(uid))
        return {
          ok: missing.length === 0,
          seen: missing.length > 0 ? `missing: ${missing.join(', ')}` : `${expected.length} dashboards`,
        }
      },
    },
  ]
}

/** Requests as administrator. After one 401 it stops, because Grafana locks a login after several failures. */
function createClient(grafana: string, { GRAFANA_ADMIN_USER, GRAFANA_ADMIN_PASSWORD }: Env) {
  const login = `${GRAFANA_ADMIN_USER || 'admin'}:${GRAFANA_ADMIN_PASSWORD || 'development-admin'}`
  const headers = { Authorization: `Basic ${Buffer.from(login).toString('base64')}` }
  let isRefused = false
  return async <T>(path: string): Promise<T> => {
    if (isRefused) throw new Error(`not requested: Grafana rejected ${credentials}`)
    const response = await fetch(`${grafana}${path}`, { headers, signal: AbortSignal.timeout(10_000) })
    isRefused = response.status === 401
    if (isRefused) throw new Error(`401: set ${credentials} to those of this Grafana`)
    if (!response.ok)
      throw new Error(`${path} responds with ${response.status}: ${(await response.text()).slice(0, 300)}`)
    return (await response.json()) as T
  }
}
