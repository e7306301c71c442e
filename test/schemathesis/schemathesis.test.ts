import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { findProgram, isMissing } from '../requirements'
import { type ServiceProcess, startServices } from '../service-processes'
import { jsonRequest, serviceKey } from '../shop'

const minutesMs = 60_000
const examples = '100'

/** Routes that revoke the token of the run; `test/odd-requests` sends odd requests to them. */
const revoking = '^(POST /api/user/logout|DELETE /api/user/sessions|PUT /api/tokens/revoked)$'

describe.skipIf(isMissing('schemathesis'))('Schemathesis finds nothing', () => {
  let services: Awaited<ReturnType<typeof startServices>>
  let token: string
  // Schemathesis writes into the folder where it runs.
  const dir = mkdtempSync(`${tmpdir()}/vitrine-schemathesis-`)

  beforeAll(async () => {
    services = await startServices()
    const login = jsonRequest('POST', { username: 'admin', password: 'admin123' })
    const response = await fetch(`${services.user.url}/api/user/login`, login)
    token = ((await response.json()) as { token: string }).token
  }, minutesMs)

  afterAll(async () => {
    await services?.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  test.each(['user', 'product', 'order'] as const)(
    'in %s-service',
    async (name) => {
      const { exitCode, output } = await run(services[name])

      expect(output).toMatch(/^ +(\d+) generated/m)
      expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' })
      expect(services[name].logLines().filter(({ event }) => event === 'http.server.request.exception')).toEqual([])
    },
    10 * minutesMs,
  )

  async function run({ url }: ServiceProcess) {
    const command = [
      ...[
        findProgram('schemathesis') ?? '',
        '--config-file',
        `${import.meta.dir}/schemathesis.toml`,
        'run',
        `${url}/openapi.json`,
      ],
      ...['--header', `Authorization: Bearer ${token}`, '--header', `X-Service-Key: ${serviceKey}`],
      ...['--max-examples', examples, '--generation-database', 'none', '--no-color'],
      ...['--exclude-name-regex', revoking],
    ]
    const child = Bun.spawn(command, { cwd: dir, stdout: 'pipe', stderr: 'pipe' })
    const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    return { exitCode: await child.exited, output: `${out}${err}` }
  }
})
