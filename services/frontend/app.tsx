import type { Telemetry } from '@vitrine/telemetry'
import type { Context, MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { limitBody } from '../../src/body-limit'
import { cameThroughProxy } from '../../src/client-address'
import { DomainError } from '../../src/problem'
import type { CostSettings } from '../../src/server-timing'
import { createService } from '../../src/service'
import { accountRoutes } from './account/routes'
import { assets } from './assets'
import { checkoutRoutes } from './cart/checkout'
import { cartRoutes } from './cart/routes'
import { catalogueRoutes } from './catalogue/routes'
import { ownForms } from './form'
import { orderRoutes } from './orders/routes'
import { refusals } from './refusals'
import { sessions, shopperOf } from './session'
import type { Shop } from './shop'
import { createSignals } from './signals'
import { showProblem } from './ui/problem'

export interface FrontendAppOptions extends Omit<Shop, 'signals'> {
  /** What development shows of each page. */
  costs?: CostSettings | undefined
  serviceKey: string
  sessionSecret: string
  /** Cookies for HTTPS only; by default as the request came, or as a trusted proxy says it came. */
  secureCookies?: boolean
  trustedProxies?: ReadonlySet<string>
  /** Requests at work at once, before the others get a page that says so. */
  mostAtWork?: number
  requestBudgetMs?: number | undefined
}

const mostFormBytes = 16 * 1024

export function createFrontendApp(options: FrontendAppOptions) {
  const {
    users,
    products,
    orders,
    telemetry,
    serviceKey,
    sessionSecret,
    costs,
    mostAtWork,
    faults,
    requestBudgetMs,
    trustedProxies = new Set<string>(),
  } = options
  const shop: Shop = { users, products, orders, telemetry, signals: createSignals(telemetry), faults }
  const isSecure = (c: Context) => options.secureCookies ?? isHttps(c, trustedProxies)
  // The limit on bodies is below, after the session: its refusal is a page like any other.
  const maxBodyBytes = Number.MAX_SAFE_INTEGER

  const own = { refusals, maxBodyBytes, requestBudgetMs, headers, render: showProblem }

  return createService({ telemetry, serviceKey, trustedProxies, costs, faults, mostAtWork, ...own })
    .route('/', assets)
    .use(sessions({ secret: sessionSecret, isSecure }))
    .use(nameVisitor(telemetry))
    .use(limitBody(mostFormBytes, tooLarge))
    .use(ownForms)
    .route('/', catalogueRoutes(shop))
    .route('/', accountRoutes(shop))
    .route('/', cartRoutes(shop))
    .route('/', checkoutRoutes(shop))
    .route('/', orderRoutes(shop))
}

const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    imgSrc: ["'self'"],
    styleSrc: ["'self'"],
    scriptSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    objectSrc: ["'none'"],
  },
  // With no-referrer browsers would send forms with `Origin: null`, and a login could not lead back.
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
})

function nameVisitor(telemetry: Telemetry): MiddlewareHandler {
  return function nameVisitor(c, next) {
    const userId = shopperOf(c)?.user.id
    if (userId) telemetry.set('user.id', userId)
    return next()
  }
}

function isHttps(c: Context, trustedProxies: ReadonlySet<string>): boolean {
  if (c.req.url.startsWith('https:')) return true
  return cameThroughProxy(c, trustedProxies) && c.req.header('x-forwarded-proto') === 'https'
}

function tooLarge(): never {
  throw new DomainError('BODY_TOO_LARGE')
}
