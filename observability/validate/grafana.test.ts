import { expect, test } from 'bun:test'
import { runCheck } from './check'
import { grafanaChecks } from './grafana'

test('requests are sent as administrator, and stop after one 401', async () => {
  const authorizations: (string | null)[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request) {
      if (new URL(request.url).pathname === '/api/health') return Response.json({})
      authorizations.push(request.headers.get('authorization'))
      return new Response('', { status: 401 })
    },
  })
  const checks = await grafanaChecks({ grafana: server.url.origin }, { GRAFANA_ADMIN_PASSWORD: 'schön' })
  const seen: string[] = []
  for (const check of checks) seen.push((await runCheck(check)).seen)
  expect(authorizations).toEqual([`Basic ${Buffer.from('admin:schön').toString('base64')}`])
  expect(seen[0]).toBe('401: set GRAFANA_ADMIN_USER and GRAFANA_ADMIN_PASSWORD to those of this Grafana')
  expect(seen.slice(1).every((one) => one.startsWith('not requested'))).toBe(true)
  await server.stop(true)
})
