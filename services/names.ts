/**
 * The shop's services, in the order of their ports: `portOffset` is added to `VITRINE_BASE_PORT`. This file imports nothing,
 * because lint, k6 and the launchers read it too.
 */
export const shopServices = [
  { name: 'frontend', serviceName: 'frontend', portOffset: 0, hasMySql: false },
  { name: 'user', serviceName: 'user-service', portOffset: 1, hasMySql: true },
  { name: 'product', serviceName: 'product-service', portOffset: 2, hasMySql: true },
  { name: 'order', serviceName: 'order-service', portOffset: 3, hasMySql: true },
] as const

/** `service.name` of each service. */
export type ServiceName = (typeof shopServices)[number]['serviceName']

export const serviceNames: readonly ServiceName[] = shopServices.map(({ serviceName }) => serviceName)

/** The variable with the address of a service: `USER_SERVICE_URL`. */
export const urlVariable = (service: ServiceName): string => `${service.toUpperCase().replace('-', '_')}_URL`
