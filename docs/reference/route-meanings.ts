import { contract as order } from '../../services/order/contract'
import { contract as product } from '../../services/product/contract'
import { contract as user } from '../../services/user/contract'
import type { ServiceContract } from '../../src/openapi/contract'

const lokiApi = Object.fromEntries(
  Object.entries({
    query_range: 'LogQL over a time range: log lines or a matrix',
    query: 'LogQL at one time: log lines or a vector',
    labels: 'Names of index labels',
    'label/:name/values': 'Values of an index label',
    series: 'Label sets that match `match[]`',
    'index/stats': 'Streams, chunks, entries and bytes of a selector',
    'index/volume': 'Bytes by label set',
    'index/volume_range': 'Bytes by label set over time',
    'status/buildinfo': 'Version, which Grafana requests first',
  }).flatMap(([path, meaning]) => [
    [`GET /loki/api/v1/${path}`, meaning],
    [`POST /loki/api/v1/${path}`, 'The same, with the parameters as a form'],
  ]),
)

const summaries = ({ routes }: ServiceContract) =>
  Object.fromEntries(Object.entries(routes).map(([route, { summary }]) => [route, summary]))

/** The meaning of each route, by program. The generator fails where this and a program differ. */
export const routeMeanings: Record<string, Record<string, string>> = {
  'every service': {
    'GET /health': '200 while the process runs. Not in the telemetry',
    'GET /ready': '200 when the service can do its work, 503 with a reason otherwise. Not in the telemetry',
  },
  'every JSON service': {
    'GET /': 'Where the contract is',
    'GET /openapi.json': 'The contract, as an OpenAPI 3.1 document',
    'GET /docs': 'The contract, as a page',
  },
  frontend: {
    'GET /': 'The catalog',
    'GET /products': 'The catalog; `cursor` for the next page',
    'GET /product/:slug': 'One product',
    'GET /register': 'Registration form',
    'POST /register': 'Creates an account and signs in',
    'GET /login': 'Login form; `return_to` is the path to return to',
    'POST /login': 'Signs in',
    'POST /logout': 'Signs out',
    'POST /cart/add': 'Adds a product to the cart',
    'POST /cart/update/:productId': 'Changes a quantity in the cart',
    'POST /cart/remove/:productId': 'Removes a product from the cart',
    'GET /checkout': 'The cart and the payment form',
    'POST /checkout/process': 'Places the order',
    'GET /order/thank-you': 'The placed order; `order` is its id',
    'GET /orders': 'The shopper’s orders; `cursor` for the next page',
    'GET /orders/:id': 'One order',
    'GET /account': 'Who is signed in, their sessions, and the form for a new password',
    'POST /account/password': 'Changes the password',
    'POST /account/sign-out-everywhere': 'Ends all sessions',
    'GET /admin/products': 'The products on sale, for an administrator',
    'POST /admin/products': 'Creates a product',
    'GET /admin/products/withdrawn': 'The withdrawn products',
    'GET /admin/products/new': 'The form of a new product',
    'GET /admin/products/:id': 'The form of a product, its stock and its history',
    'POST /admin/products/:id': 'Changes a product',
    'POST /admin/products/:id/stock': 'Adds to the stock or sets it',
    'POST /admin/products/:id/withdraw': 'Withdraws a product from sale',
    'POST /admin/products/:id/restore': 'Puts a withdrawn product on sale again',
    'GET /admin/orders': 'The orders of all shoppers',
    'GET /admin/users': 'The accounts',
    'GET /assets/:file': 'Styles and scripts, by content hash',
    'GET /images/:file': 'Product images',
    'GET /favicon.ico': 'Icon',
  },
  'user-service': summaries(user),
  'product-service': summaries(product),
  'order-service': summaries(order),
  console: {
    'POST /v1/traces': 'OTLP/HTTP: spans, as JSON or Protobuf',
    'POST /v1/logs': 'OTLP/HTTP: log records',
    'POST /v1/metrics': 'OTLP/HTTP: metrics',
    'GET /runbooks': 'the runbooks, a list',
    'GET /runbooks/:name': 'a runbook as a page',
    'GET /ready': '200 with `{"console":"vitrine"}`',
    'GET /assets/:file': 'Styles and scripts',
    'GET /events': 'Server-sent events: counts of new data, for pages that update',
    'POST /api/alerts': 'Webhook of an Alertmanager (version 4)',
    'GET /api/alerts': 'Active and recent alerts, the console’s own and received ones',
    'GET /api/traces':
      'Traces by `service`, `route`, `status`, `min` (ms), `q`, `from` and `to` (µs); `limit`, `before`',
    'GET /api/traces/:id': 'One trace with spans and log records',
    'GET /api/logs': 'Log records by `service`, `trace`, `severity`, `q`, `from` and `to` (µs); `limit`, `before`',
    'GET /api/metrics': 'Instruments by `q`, `service`, `window` (300, 900, 3600 s); `name` for the series of one',
    'GET /api/map': 'Services and calls between them; `window`',
    'GET /': 'Overview',
    'GET /alerts': 'Alerts',
    'GET /traces': 'Traces',
    'GET /traces/:id{[0-9a-fA-F]{32}}': 'One trace: waterfall, log lines, exceptions',
    'GET /traces/:file{[0-9a-f]{32}\\.md}': 'One trace as Markdown',
    'GET /traces/:file{[0-9a-f]{32}\\.json}': 'One trace as OTLP JSON',
    'GET /logs': 'Log lines',
    'GET /queries': 'SQL statements by total time',
    'GET /errors': 'Error groups',
    'GET /cost': 'Volume of telemetry by service',
    'GET /http-requests': 'HTTP requests by route',
    'GET /metrics': 'Instruments and their series',
    'GET /map': 'Service map',
    ...lokiApi,
  },
  'log server': {
    'GET /ready': '200 when it accepts requests',
    'GET /config': 'The configuration that is used, as YAML',
    'GET /metrics': 'The log server’s own metrics, in Prometheus’ text format',
    'POST /otlp/v1/logs': 'OTLP/HTTP: log records, as JSON or Protobuf',
    ...lokiApi,
  },
  'alert receiver': {
    'GET /ready': '200 when it accepts requests',
    'GET /alerts': 'The last 200 notifications',
    'POST /alerts': 'Webhook of an Alertmanager (version 4)',
  },
}
