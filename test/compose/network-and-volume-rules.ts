import { existsSync } from 'node:fs'
import type { Project } from './load-project'
import { changeService, type Rule, serviceRule } from './rules'

const isPublic = ['frontend', 'grafana']
const isLocal = (address?: string) => address === '127.0.0.1'
const databases = ['user', 'product', 'order']

const members = ({ services }: Project, network: string) =>
  Object.keys(services)
    .filter((name) => network in (services[name]?.networks ?? {}))
    .sort()

/** Which services are reachable from where, and where data is stored. */
export const networkAndVolumeRules: Rule[] = [
  {
    description: 'the shop and Grafana alone are published beyond this machine',
    findViolations: ({ services }) =>
      Object.entries(services).flatMap(([name, { ports = [] }]) =>
        ports
          .filter(({ host_ip }) => !isLocal(host_ip) && !isPublic.includes(name))
          .map(({ target }) => `${name}:${target}`),
      ),
    breakingChanges: {
      everywhere: changeService('prometheus', (service) => delete service.ports?.[0]?.host_ip),
      'everywhere, explicitly': changeService(
        'user-service',
        (service) => (service.ports = [{ host_ip: '0.0.0.0', target: 5001 }]),
      ),
    },
  },
  {
    description: 'only production publishes ports beyond this machine: the passwords of development are public',
    findViolations: ({ name, services }) =>
      Object.entries(name === 'vitrine' ? {} : services)
        .filter(([, { ports = [] }]) => ports.some(({ host_ip }) => !isLocal(host_ip)))
        .map(([service]) => service),
    breakingChanges: Object.fromEntries(
      isPublic.map((name) => [
        `${name} everywhere`,
        changeService(name, (service) => delete service.ports?.[0]?.host_ip),
      ]),
    ),
  },
  {
    description: 'the ports that people, validation and k6 need are published',
    findViolations: ({ services }) =>
      Object.entries(expectedPorts)
        .filter(([name, ports]) => ports.some((port) => !services[name]?.ports?.some((one) => one.published === port)))
        .map(([name]) => name),
    breakingChanges: { closed: changeService('loki', (service) => delete service.ports) },
  },
  {
    description: 'a database is reached by its service alone, and has no other network',
    findViolations: (project) =>
      databases.flatMap((name) => {
        const owners = members(project, `${name}-data`).join()
        const isAlone = owners === `mysql-${name},${name}-service` && project.networks[`${name}-data`]?.internal
        const others = Object.keys(project.services[`mysql-${name}`]?.networks ?? {}).length
        return isAlone && others === 1 && !project.services[`mysql-${name}`]?.ports ? [] : [name]
      }),
    breakingChanges: {
      'another service': changeService(
        'frontend',
        (service) => (service.networks = { ...service.networks, 'user-data': null }),
      ),
      'another network': changeService(
        'mysql-order',
        (service) => (service.networks = { 'order-data': null, shop: null }),
      ),
      'a way out': (project) => (project.networks['product-data'] = {}),
      published: changeService('mysql-user', (service) => (service.ports = [{ host_ip: '127.0.0.1', target: 3306 }])),
    },
  },
  {
    description: 'only the collector is in the networks of both the shop and the stack',
    findViolations: (project) =>
      members(project, 'telemetry').filter(
        (name) => name !== 'otel-collector' && members(project, 'signals').includes(name),
      ),
    breakingChanges: {
      both: changeService('grafana', (service) => (service.networks = { signals: null, telemetry: null })),
    },
  },
  serviceRule(
    'data is in named volumes; mounts from the repository exist and are read-only',
    ({ volumes = [] }) =>
      volumes.some(({ type, source, read_only, bind }) =>
        type === 'bind'
          ? !read_only || bind?.create_host_path !== false || !source || !existsSync(source)
          : type !== 'volume' || !source,
      ),
    {
      'a volume without a name': (service) => (service.volumes = [{ type: 'volume', target: '/data' }]),
      'a writable folder': (service) => (service.volumes = [bound({ read_only: false })]),
      'a folder that Docker would create': (service) =>
        (service.volumes = [bound({ bind: { create_host_path: true } })]),
      'a missing folder': (service) => (service.volumes = [bound({ source: './nowhere' })]),
    },
  ),
  {
    description: 'each server with data has its volume',
    findViolations: ({ services }) =>
      Object.entries(dataFolders)
        .filter(
          ([name, target]) => !services[name]?.volumes?.some((one) => one.type === 'volume' && one.target === target),
        )
        .map(([name]) => name),
    breakingChanges: { 'in the container': changeService('mysql-order', (service) => delete service.volumes) },
  },
]

const bound = (change: object) => ({
  type: 'bind',
  source: './collector.yaml',
  target: '/etc/some.yaml',
  read_only: true,
  bind: { create_host_path: false },
  ...change,
})

const expectedPorts: Record<string, string[]> = {
  frontend: ['5000'],
  'user-service': ['5001'],
  'product-service': ['5002'],
  'order-service': ['5003'],
  'otel-collector': ['4317', '4318'],
  jaeger: ['16686'],
  prometheus: ['9090'],
  loki: ['3100'],
  alertmanager: ['9093'],
  grafana: ['3000'],
}

const dataFolders: Record<string, string> = {
  'mysql-user': '/var/lib/mysql',
  'mysql-product': '/var/lib/mysql',
  'mysql-order': '/var/lib/mysql',
  'otel-collector': '/var/lib/otelcol/queue',
  jaeger: '/badger',
  prometheus: '/prometheus',
  loki: '/loki',
  alertmanager: '/alertmanager',
  grafana: '/var/lib/grafana',
}
