import { afterAll, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { stackEndpoints } from '../endpoints'
import { serverPrograms } from './servers'

const dir = mkdtempSync(`${tmpdir()}/vitrine-servers-`)
afterAll(() => rmSync(dir, { recursive: true }))

const places = stackEndpoints(1000)
const folders = { bin: `${dir}/bin`, state: `${dir}/state` }
const prometheus = () => serverPrograms(places, folders).backends.find(({ name }) => name === 'prometheus')

test('Prometheus is announced as an API until its pages are built, and runs where they are from then on', () => {
  expect(prometheus()).toMatchObject({
    url: `${places.prometheus}/api/v1/alerts`,
    description: 'API only: stack/native/install prometheus-ui builds its pages',
    cwd: undefined,
  })
  mkdirSync(`${folders.bin}/prometheus-ui/static`, { recursive: true })
  expect(prometheus()).toMatchObject({ url: places.prometheus, cwd: `${folders.bin}/prometheus-ui` })
})

test('links of alerts lead to this machine, not to its name, where nothing listens', () => {
  const { backends } = serverPrograms(places, folders)
  for (const name of ['prometheus', 'alertmanager'] as const)
    expect(backends.find((one) => one.name === name)?.command).toContain(`--web.external-url=${places[name]}`)
})

test('no two servers share a port, and each is one of the places', () => {
  const { backends, collector } = serverPrograms(places, folders)
  const ports = [...backends, ...collector].flatMap((one) => one.ports)
  expect(new Set(ports).size).toBe(ports.length)
  const { databasePorts, alertReceiver, console, ...theirs } = places
  const known = Object.values(theirs).map((place) => (typeof place === 'number' ? place : Number(new URL(place).port)))
  expect(ports.filter((port) => !known.includes(port))).toEqual([])
})
