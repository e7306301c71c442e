import { afterAll, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { stackEndpoints } from '../endpoints'
import { serverPrograms } from './servers'

const dir = mkdtempSync(`${tmpdir()}/vitrine-servers-`)
afterAll(() => rmSync(dir, { recursive: true }))

const endpoints = stackEndpoints(1000)
const paths = { bin: `${dir}/bin`, state: `${dir}/state` }
const prometheus = () => serverPrograms(endpoints, paths).backends.find(({ name }) => name === 'prometheus')

test('Prometheus is described as an API until its pages are built, and then runs in their folder', () => {
  expect(prometheus()).toMatchObject({
    url: `${endpoints.prometheus}/api/v1/alerts`,
    description: 'API only: stack/native/install prometheus-ui builds its pages',
    cwd: undefined,
  })
  mkdirSync(`${paths.bin}/prometheus-ui/static`, { recursive: true })
  expect(prometheus()).toMatchObject({ url: endpoints.prometheus, cwd: `${paths.bin}/prometheus-ui` })
})

test('links in alerts lead to 127.0.0.1, because nothing listens on the host name', () => {
  const { backends } = serverPrograms(endpoints, paths)
  for (const name of ['prometheus', 'alertmanager'] as const)
    expect(backends.find((one) => one.name === name)?.command).toContain(`--web.external-url=${endpoints[name]}`)
})

test('no two servers share a port, and every port is one of the endpoints', () => {
  const { backends, collector } = serverPrograms(endpoints, paths)
  const ports = [...backends, ...collector].flatMap((one) => one.ports)
  expect(new Set(ports).size).toBe(ports.length)
  const { databasePorts, alertReceiver, console, ...others } = endpoints
  const endpointPorts = Object.values(others).map((value) =>
    typeof value === 'number' ? value : Number(new URL(value).port),
  )
  expect(ports.filter((port) => !endpointPorts.includes(port))).toEqual([])
})
