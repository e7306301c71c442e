import { business } from './business'
import { database } from './database'
import { runtime } from './runtime'
import { services } from './services'
import { slo } from './slo'
import { stack } from './stack'

/** The dashboards, by the name of their file in `grafana-provisioning/dashboards/`. */
export const dashboards = () => ({
  services: services(),
  business: business(),
  slo: slo(),
  database: database(),
  runtime: runtime(),
  stack: stack(),
})

/** The path of a dashboard’s file. */
export const dashboardPath = (name: string): string =>
  new URL(`../../grafana-provisioning/dashboards/${name}.json`, import.meta.url).pathname
