import type { Telemetry } from '@vitrine/telemetry'
import type { Context, MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { RequestLimits } from '../../src/admit-request'
import { limitBody } from '../../src/body-limit'
import { isExternallyHttps } from '../../src/external-origin'
import { DomainError } from '../../src/problem'
import type { ServerTimingOptions } from '../../src/server-timing'
import { createService } from '../../src/service'
import { ownAccountRoutes } from './account/account-routes'
import { accountRoutes } from './account/routes'
import { adminRoutes } from './admin/routes'
import { assets } from './assets'
import { checkoutRoutes } from './cart/checkout'
import { cartRoutes } from './cart/routes'
import { catalogRoutes } from './catalog/routes'
import type { FrontendContext } from './context'
import { checkCookies } from './cookie-check'
import { createInstruments } from './declarations'
import { requireSameOriginForm } from './form'
import { homeRoutes } from './home/routes'
import { languageOfHeaders, rememberLanguage } from './language'
import { orderRoutes } from './orders/routes'
import { externalOrigins } from './origin'
import { refusals } from './refusals'
import { seoRoutes } from './seo/routes'
import { sessions, shopperOf } from './session'
import { problemPage } from './ui/problem'

export interface FrontendAppOptions extends Omit<FrontendContext, 'instruments'>, RequestLimits {
  /** Adds `Server-Timing` and the timing badge; set in development only. */
  serverTiming?: ServerTimingOptions | undefined
  serviceKey: string
  sessionSecret: string
  /** Whether cookies are for HTTPS only. By default they are when the request, or a trusted proxy's, used HTTPS. */
  secureCookies?: boolean
  trustedProxies?: ReadonlySet<string>
  /** The origin that browsers see, if no trusted proxy sends it. */
  publicOrigin?: string | undefined
  requestBudgetMs?: number | undefined
}

const maxFormBytes = 16 * 1024

export function createFrontendApp(options: FrontendAppOptions) {
  const {
    users,
    products,
    orders,
    pendingRevocations,
    telemetry,
    serviceKey,
    sessionSecret,
    serverTiming,
    maxConcurrentRequests,
    faults,
    requestBudgetMs,
    trustedProxies = new Set<string>(),
    publicOrigin,
  } = options
  const context: FrontendContext = {
    users,
    products,
    orders,
    pendingRevocations,
    telemetry,
    instruments: createInstruments(telemetry),
    faults,
  }
  const external = { trustedProxies, publicOrigin }
  const isSecure = (c: Context) => options.secureCookies ?? isExternallyHttps(c, external)
  const { maxConcurrentRequestsPerClient, bodyTimeoutMs } = options
  // limitBody runs after the session below, so that its problem page shows the navigation.
  const body = { maxBodyBytes: maxFormBytes, limitsBody: false, bodyTimeoutMs }

  const own = {
    ...body,
    variantOf,
    maxConcurrentRequestsPerClient,
    refusals,
    requestBudgetMs,
    headers,
    render: problemPage,
  }

  return createService({ telemetry, serviceKey, trustedProxies, serverTiming, faults, maxConcurrentRequests, ...own })
    .route('/', assets)
    .use(externalOrigins(external))
    .use(checkCookies)
    .use(sessions({ secret: sessionSecret, isSecure }))
    .use(rememberLanguage(isSecure))
    .use(recordUser(telemetry))
    .use(limitBody(throwTooLarge))
    .use(requireSameOriginForm)
    .route('/', homeRoutes(context))
    .route('/', catalogRoutes(context))
    .route('/', seoRoutes(context))
    .route('/', accountRoutes(context))
    .route('/', ownAccountRoutes(context))
    .route('/', cartRoutes(context))
    .route('/', checkoutRoutes(context))
    .route('/', orderRoutes(context))
    .route('/', adminRoutes(context))
}

// The page of a shed request is reused for visitors with the same language.
const variantOf = ({ headers }: Request) => languageOfHeaders(headers)

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
  strictTransportSecurity: 'max-age=31536000; includeSubDomains',
  // With no-referrer, browsers send forms with `Origin: null`, and a login cannot redirect back.
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
})

function recordUser(telemetry: Telemetry): MiddlewareHandler {
  return function recordUser(c, next) {
    const userId = shopperOf(c)?.user.id
    if (userId) telemetry.setAttribute('user.id', userId)
    return next()
  }
}

function throwTooLarge(): never {
  throw new DomainError('BODY_TOO_LARGE')
}
