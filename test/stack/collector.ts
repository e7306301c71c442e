import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { freePort } from '../free-port'
import { programOf } from '../parts'
import { keep, type Received } from '../receiver'

/**
 * The real collector, by default on a free port, with one of the configurations beside this file, all of whose output goes into a
 * file. `stop()` ends it and answers what that holds.
 */
export async function startCollector(
  config: string,
  port = freePort(),
): Promise<{ url: string; stop: () => Promise<Received> }> {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-collector-`)
  const child = Bun.spawn([programOf('stack') ?? '', `--config=${import.meta.dir}/${config}`], {
    env: { OTLP_PORT: String(port), OUTPUT_FILE: `${dir}/signals.jsonl` },
    stdout: 'ignore',
    stderr: Bun.file(`${dir}/err.txt`),
  })
  const url = `http://127.0.0.1:${port}`
  await ready(url, async () => `${child.exitCode}\n${await Bun.file(`${dir}/err.txt`).text()}`)
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await child.exited
      const received: Received = { traces: [], logs: [], metrics: [] }
      const text = await Bun.file(`${dir}/signals.jsonl`).text()
      for (const line of text.split('\n').filter(Boolean)) keep(line, received)
      rmSync(dir, { recursive: true, force: true })
      return received
    },
  }
}

async function ready(url: string, said: () => Promise<string>): Promise<void> {
  const request = { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }
  for (let attempt = 0; attempt < 400; attempt++) {
    const answer = await fetch(`${url}/v1/logs`, request).catch(() => undefined)
    if (answer?.ok) return
    await Bun.sleep(25)
  }
  throw new Error(`the collector did not become ready: ${await said()}`)
}
