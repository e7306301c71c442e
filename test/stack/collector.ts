import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { freePort } from '../free-port'
import { addOtlpJson, type ReceivedTelemetry } from '../otlp-receiver'
import { findProgram } from '../requirements'

/**
 * Starts the collector, by default on a free port, with a configuration of this folder that writes all telemetry to a file.
 * `waitUntil()` checks the received telemetry, `stop()` stops the collector and returns it.
 */
export async function startCollector(
  config: string,
  port = freePort(),
): Promise<{
  url: string
  waitUntil: (holds: (received: ReceivedTelemetry) => boolean) => Promise<void>
  stop: () => Promise<ReceivedTelemetry>
}> {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-collector-`)
  const child = Bun.spawn([findProgram('stack') ?? '', `--config=${import.meta.dir}/${config}`], {
    env: { OTLP_PORT: String(port), OUTPUT_FILE: `${dir}/signals.jsonl` },
    stdout: 'ignore',
    stderr: Bun.file(`${dir}/err.txt`),
  })
  const url = `http://127.0.0.1:${port}`
  await ready(url, async () => `${child.exitCode}\n${await Bun.file(`${dir}/err.txt`).text()}`)
  return {
    url,
    async waitUntil(holds) {
      for (let attempt = 0; attempt < 1200; attempt++) {
        if (holds(await received())) return
        await Bun.sleep(100)
      }
      throw new Error('the collector did not receive it within two minutes')
    },
    async stop() {
      child.kill('SIGTERM')
      await child.exited
      const all = await received()
      rmSync(dir, { recursive: true, force: true })
      return all
    },
  }

  async function received(): Promise<ReceivedTelemetry> {
    const all: ReceivedTelemetry = { traces: [], logs: [], metrics: [] }
    const text = await Bun.file(`${dir}/signals.jsonl`).text()
    // The last line may be half written.
    const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
    for (const line of lines.filter(Boolean)) addOtlpJson(line, all)
    return all
  }
}

async function ready(url: string, output: () => Promise<string>): Promise<void> {
  const request = { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }
  for (let attempt = 0; attempt < 4800; attempt++) {
    const response = await fetch(`${url}/v1/logs`, request).catch(() => undefined)
    if (response?.ok) return
    await Bun.sleep(25)
  }
  throw new Error(`the collector did not become ready: ${await output()}`)
}
