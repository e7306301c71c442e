import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { alertmanagerConfig } from '../../observability/alertmanager/config'
import { freePort } from '../free-port'
import { findProgram } from '../requirements'

const folder = dirname(findProgram('stack') ?? '')
export const amtoolPath = `${folder}/amtool`

/** Writes the configuration for `ALERT_*` into a folder. `shorten` may change its text. */
export async function writeAlertmanagerConfig(
  dir: string,
  env: Record<string, string>,
  shorten = (text: string) => text,
) {
  const file = `${dir}/alertmanager.yml`
  await Bun.write(file, shorten(Bun.YAML.stringify(alertmanagerConfig(env), null, 2)))
  return file
}

const withShortWaits = (text: string) =>
  text.replace(/group_wait: .*/g, 'group_wait: 1s').replace(/group_interval: .*/g, 'group_interval: 500ms')

/** Starts Alertmanager on a free port with the configuration for `ALERT_*`, by default with short group waits. */
export async function startAlertmanager(env: Record<string, string>, shorten = withShortWaits) {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-alertmanager-`)
  const file = await writeAlertmanagerConfig(dir, env, shorten)
  const port = freePort()
  const child = Bun.spawn(
    [
      `${folder}/alertmanager`,
      `--config.file=${file}`,
      `--storage.path=${dir}/data`,
      '--cluster.listen-address=',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdout: 'ignore', stderr: Bun.file(`${dir}/err.txt`) },
  )
  const url = `http://127.0.0.1:${port}`
  const begun = new Map<string, string>()
  for (let attempt = 0; !(await fetch(`${url}/-/ready`).catch(() => undefined))?.ok; attempt++) {
    if (attempt > 4800) throw new Error(`alertmanager did not become ready: ${await Bun.file(`${dir}/err.txt`).text()}`)
    await Bun.sleep(25)
  }
  return { url, postAlerts, fetchAlertState, stop }

  /** Posts alerts as Prometheus does; a resolved one has its end. */
  async function postAlerts(
    ...alerts: { labels: Record<string, string>; isResolved?: boolean; annotations?: object }[]
  ) {
    const body = alerts.map(({ isResolved, ...alert }) => {
      const key = JSON.stringify(alert.labels)
      const startsAt = begun.get(key) ?? new Date().toISOString()
      begun.set(key, startsAt)
      return { startsAt, endsAt: new Date(Date.now() + (isResolved ? 0 : 300_000)).toISOString(), ...alert }
    })
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  }

  /** `active`, `suppressed`, or `undefined` for an unknown alert. */
  async function fetchAlertState(alertname: string, service = ''): Promise<string | undefined> {
    const alerts = (await (await fetch(`${url}/api/v2/alerts`)).json()) as Listed[]
    return alerts.find(({ labels }) => labels.alertname === alertname && (labels.service_name ?? '') === service)
      ?.status.state
  }

  async function stop(): Promise<void> {
    child.kill('SIGTERM')
    await child.exited
    rmSync(dir, { recursive: true, force: true })
  }
}

interface Listed {
  labels: Record<string, string>
  status: { state: string }
}
