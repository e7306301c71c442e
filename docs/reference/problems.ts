import { refusals as frontend } from '../../services/frontend/refusals'
import { contract as orderContract } from '../../services/order/contract'
import { refusals as order } from '../../services/order/refusals'
import { contract as productContract } from '../../services/product/contract'
import { refusals as product } from '../../services/product/refusals'
import { contract as userContract } from '../../services/user/contract'
import { refusals as user } from '../../services/user/refusals'
import type { ServiceContract } from '../../src/openapi/contract'
import { commonRefusals, type Refusals } from '../../src/problem'
import { code, table } from './markdown'

const intro = `# Problem codes

A failed request to a JSON service gets \`application/problem+json\` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)): \`type\`, \`title\`, \`status\`, \`detail\`, \`code\`, \`traceId\`. Programs decide by the \`code\`. \`INVALID_REQUEST\` has \`errors\`, with \`in\`, \`field\` and \`detail\` of each wrong field. 429 and 503 have \`Retry-After\`, 401 \`WWW-Authenticate\`, 405 \`Allow\`. \`bun run generate\` writes this page from \`src/problem.ts\`, \`services/*/refusals.ts\` and \`services/*/contract.ts\`.
`

/** Every code of every service. */
export function problemsPage(): string {
  return [
    intro,
    section('Every service', commonRefusals),
    section('user-service', user, userContract),
    section('product-service', product, productContract),
    section('order-service', order, orderContract),
    section('frontend', frontend),
  ].join('\n')
}

function section(name: string, refusals: Refusals, contract?: ServiceContract): string {
  const rows = Object.entries(refusals).map(([name, [status, title]]) => [
    code(name),
    String(status),
    title,
    ...(contract ? [routesWith(contract, name)] : []),
  ])
  return `## ${name}\n\n${table(['code', 'status', 'meaning', ...(contract ? ['routes'] : [])], rows)}`
}

const routesWith = ({ routes }: ServiceContract, name: string): string =>
  Object.entries(routes)
    .filter(([, { codes = [] }]) => codes.includes(name))
    .map(([route]) => code(route))
    .join(', ')
