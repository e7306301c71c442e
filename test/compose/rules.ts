import type { Project, Service } from './load-project'

/** A rule for compose.yaml, and changes that must violate it, which show that the rule can fail. */
export interface Rule {
  description: string
  /** One line for each violation. */
  findViolations: (project: Project) => string[]
  breakingChanges: Record<string, (project: Project) => void>
}

type Change = (service: Service) => void

/** A rule that each service must meet by itself. */
export function serviceRule(
  description: string,
  isBroken: (service: Service, name: string) => unknown,
  breaks: Record<string, Change>,
): Rule {
  return {
    description,
    findViolations: ({ services }) =>
      Object.entries(services)
        .filter(([name, service]) => isBroken(service, name))
        .map(([name]) => name),
    // One service with our image, and one with a public image.
    breakingChanges: Object.fromEntries(
      Object.entries(breaks).flatMap(([what, change]) =>
        ['frontend', 'loki'].map((name) => [`${what} (${name})`, changeService(name, change)]),
      ),
    ),
  }
}

/** A change of one service. @throws Error if the project has no such service */
export const changeService = (name: string, change: Change) => (project: Project) => {
  const service = project.services[name]
  if (!service) throw new Error(`no service ${name}`)
  change(service)
}

const isOnce = (service: Service) => service.restart === 'no'
const isExact = (image = '') => /^[^:@]+:v?\d+\.\d+\.\d+$/.test(image)
const mayRoot = (service: Service, name: string) => name === 'volume-owner' && service.network_mode === 'none'

export const hardeningRules: Rule[] = [
  serviceRule('images have an exact version', ({ image }) => !isExact(image), {
    latest: (service) => (service.image = 'some/image:latest'),
    'no tag': (service) => (service.image = 'some/image'),
    'a moving tag': (service) => (service.image = 'some/image:8.4'),
  }),
  serviceRule(
    'no service runs as root; volume-owner does, without network',
    (service, name) => !/^[1-9]\d*:\d+$/.test(service.user ?? '') && !mayRoot(service, name),
    { root: (service) => (service.user = '0:0'), "the image's user": (service) => delete service.user },
  ),
  serviceRule('the root file system is read-only', (service) => service.read_only !== true, {
    writable: (service) => (service.read_only = false),
  }),
  serviceRule(
    'services have no capabilities, and cannot gain any',
    (service, name) =>
      service.cap_drop?.join() !== 'ALL' ||
      (service.cap_add ?? []).join() !== (mayRoot(service, name) ? 'CHOWN' : '') ||
      !service.security_opt?.includes('no-new-privileges:true'),
    {
      'keeps capabilities': (service) => delete service.cap_drop,
      'adds one': (service) => (service.cap_add = ['NET_ADMIN']),
      'may gain some': (service) => delete service.security_opt,
    },
  ),
  serviceRule(
    'memory and processes are limited',
    (service) => !(Number(service.mem_limit) > 0) || !((service.pids_limit ?? 0) > 0),
    {
      'no limit': (service) => delete service.mem_limit,
      'no limit of processes': (service) => delete service.pids_limit,
    },
  ),
  serviceRule(
    'log files have a maximum size',
    ({ logging }) => !logging?.options?.['max-size'] || !logging.options['max-file'],
    {
      endless: (service) => delete service.logging,
    },
  ),
  serviceRule(
    'servers restart, and one-time jobs do not',
    (service) => !isOnce(service) && service.restart !== 'unless-stopped',
    { 'no policy': (service) => delete service.restart, always: (service) => (service.restart = 'always') },
  ),
]

// FROM scratch: the image has no program that could send a request.
const withoutProbe = ['otel/opentelemetry-collector-contrib']
const hasNoProbe = ({ image = '' }: Service) => withoutProbe.includes(image.split(':')[0] ?? '')
const probes = ({ healthcheck }: Service) => Boolean(healthcheck?.test?.length) && !healthcheck?.disable

/** The condition to wait for: completed, healthy, or, without a health check, started. */
function conditionFor(service: Service): string {
  if (isOnce(service)) return 'service_completed_successfully'
  return hasNoProbe(service) ? 'service_started' : 'service_healthy'
}

export const startOrderRules: Rule[] = [
  serviceRule('servers have health checks', (service) => !isOnce(service) && !hasNoProbe(service) && !probes(service), {
    'no check': (service) => delete service.healthcheck,
    'switched off': (service) => (service.healthcheck = { disable: true }),
  }),
  {
    description: 'depends_on has the strongest condition that the service allows',
    findViolations: ({ services }) =>
      Object.entries(services).flatMap(([name, { depends_on = {} }]) =>
        Object.entries(depends_on)
          .filter(([other, { condition }]) => condition !== conditionFor(services[other] ?? {}))
          .map(([other, { condition }]) => `${name} waits for ${other} with ${condition}`),
      ),
    breakingChanges: {
      'only started': changeService('user-service', waitFor('mysql-user', 'service_started')),
      'only started, though it ends': changeService('jaeger', waitFor('volume-owner', 'service_started')),
      'healthy, without a health check': changeService('frontend', waitFor('otel-collector', 'service_healthy')),
    },
  },
  {
    description: 'each service waits for its database, the storefront for the services',
    findViolations: ({ services }) =>
      needed.filter(([name, other]) => !services[name]?.depends_on?.[other]).map((pair) => pair.join(' needs ')),
    breakingChanges: {
      forgotten: changeService('order-service', (service) => delete service.depends_on?.['mysql-order']),
    },
  },
  {
    description: 'our servers get more than 15 s to stop: src/listen.ts takes up to 14 s',
    findViolations: ({ services }) =>
      Object.entries(services)
        .filter(([, service]) => service.image?.startsWith('vitrine:') && !isOnce(service))
        .filter(([, { stop_grace_period = '10s' }]) => Number(/^(\d+)s$/.exec(stop_grace_period)?.[1] ?? 0) < 15)
        .map(([name]) => name),
    breakingChanges: {
      "Docker's ten seconds": changeService('order-service', (service) => delete service.stop_grace_period),
    },
  },
  {
    description: 'the image is built once, before services start from it',
    findViolations: ({ services }) => {
      const ours = Object.entries(services).filter(([, { image }]) => image?.startsWith('vitrine:'))
      const builders = ours.filter(([, { build }]) => build).map(([name]) => name)
      const late = ours.filter(([name, { pull_policy }]) => pull_policy !== 'build' && !waits(services, name, builders))
      return [...late.map(([name]) => name), ...(builders.length === 1 ? [] : [`${builders.length} build`])]
    },
    breakingChanges: {
      'two build it': changeService('frontend', (service) => (service.build = { context: '.' })),
      'one does not wait': changeService('alertmanager-config', (service) => delete service.depends_on),
    },
  },
]

const needed = [
  ['frontend', 'user-service'],
  ['frontend', 'product-service'],
  ['frontend', 'order-service'],
  ['user-service', 'mysql-user'],
  ['product-service', 'mysql-product'],
  ['order-service', 'mysql-order'],
] as const

function waitFor(other: string, condition: string): Change {
  return (service) => {
    service.depends_on = { ...service.depends_on, [other]: { condition } }
  }
}

function waits(services: Project['services'], name: string, others: string[]): boolean {
  return Object.keys(services[name]?.depends_on ?? {}).some(
    (one) => others.includes(one) || waits(services, one, others),
  )
}
