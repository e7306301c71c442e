import type { Telemetry } from '@vitrine/telemetry'
import type { Context, MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { limitBody } from '../../src/body-limit'
import { isFromTrustedProxy } from '../../src/client-address'
import { DomainError } from '../../src/problem'
import type { ServerTimingOptions } from '../../src/server-timing'
import { createService } from '../../src/service'
import { accountRoutes } from './account/routes'
import { assets } from './assets'
import { checkoutRoutes } from './cart/checkout'
import { cartRoutes } from './cart/routes'
import { catalogueRoutes } from './catalogue/routes'
import type { FrontendContext } from './context'
import { createInstruments } from './declarations'
import { requireSameOriginForm } from './form'
import { orderRoutes } from './orders/routes'
import { refusals } from './refusals'
import { sessions, shopperOf } from './session'
import { problemPage } from './ui/problem'

export interface FrontendAppOptions extends Omit<FrontendContext, 'instruments'> {
  /** What development shows of each page. */
  serverTiming?: ServerTimingOptions | undefined
  serviceKey: string
  sessionSecret: string
  /** Cookies for HTTPS only; by default as the request came, or as a trusted proxy says it came. */
  secureCookies?: boolean
  trustedProxies?: ReadonlySet<string>
  /** Requests at work at once, before the others get a page that says so. */
  maxConcurrentRequests?: number
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
    serverTiming,
    maxConcurrentRequests,
    faults,
    requestBudgetMs,
    trustedProxies = new Set<string>(),
  } = options
  const shop: FrontendContext = {
    users,
    products,
    orders,
    telemetry,
    instruments: createInstruments(telemetry),
    faults,
  }
  const isSecure = (c: Context) => options.secureCookies ?? isHttps(c, trustedProxies)
  // The limit on bodies is below, after the session: its refusal is a page like any other.
  const maxBodyBytes = Number.MAX_SAFE_INTEGER

  const own = { refusals, maxBodyBytes, requestBudgetMs, headers, render: problemPage }

  return createService({ telemetry, serviceKey, trustedProxies, serverTiming, faults, maxConcurrentRequests, ...own })
    .route('/', assets)
    .use(sessions({ secret: sessionSecret, isSecure }))
    .use(nameVisitor(telemetry))
    .use(limitBody(mostFormBytes, tooLarge))
    .use(requireSameOriginForm)
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
    if (userId) telemetry.setAttribute('user.id', userId)
    return next()
  }
}

function isHttps(c: Context, trustedProxies: ReadonlySet<string>): boolean {
  if (c.req.url.startsWith('https:')) return true
  return isFromTrustedProxy(c, trustedProxies) && c.req.header('x-forwarded-proto') === 'https'
}

function tooLarge(): never {
  throw new DomainError('BODY_TOO_LARGE')
}
