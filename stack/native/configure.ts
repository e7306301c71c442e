import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { resolve } from 'node:path'
import { renderRuleFiles } from '../../observability/prometheus/rule-files'
import { defaultRunbookBaseUrl } from '../../observability/runbooks'
import type { Environment } from '../../src/settings'
import type { StackEndpoints } from '../endpoints'

/** Writes Prometheus’ configuration folder with rules and targets, and renders Alertmanager’s configuration from `env`. */
export async function writeServerConfigs(
  endpoints: StackEndpoints,
  state: string,
  shrink: number,
  env: Environment,
): Promise<void> {
  const dir = `${state}/prometheus-config`
  mkdirSync(`${dir}/targets`, { recursive: true })
  const runbookBaseUrl = env.RUNBOOK_BASE_URL || `${endpoints.console}/runbooks`
  // The committed rules are linked, so that Prometheus can reload a change.
  const isCommitted = shrink === 1 && runbookBaseUrl === defaultRunbookBaseUrl
  const entries = isCommitted ? ['prometheus.yml', 'rules'] : ['prometheus.yml']
  for (const entry of ['prometheus.yml', 'rules']) rmSync(`${dir}/${entry}`, { recursive: true, force: true })
  for (const entry of entries) symlinkSync(resolve(`observability/prometheus/${entry}`), `${dir}/${entry}`)
  if (!isCommitted)
    for (const [name, text] of Object.entries(renderRuleFiles({ shrink, runbookBaseUrl })))
      await Bun.write(`${dir}/rules/${name}`, text)
  const targets = {
    'otel-collector': endpoints.collectorMetrics,
    prometheus: endpoints.prometheus,
    loki: endpoints.loki,
    jaeger: endpoints.jaegerMetrics,
    alertmanager: endpoints.alertmanager,
  }
  for (const [job, url] of Object.entries(targets))
    await Bun.write(`${dir}/targets/${job}.json`, JSON.stringify([{ targets: [new URL(url).host] }]))
  const rendered = Bun.spawn([process.execPath, 'observability/alertmanager/write.ts', `${state}/alertmanager.yml`], {
    env: { ALERT_RECEIVER_URL: `${endpoints.alertReceiver}/alerts`, ...env },
    stderr: 'pipe',
    stdout: 'ignore',
  })
  if ((await rendered.exited) !== 0) throw new Error(await new Response(rendered.stderr).text())
}
