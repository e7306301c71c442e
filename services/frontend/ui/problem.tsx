import type { Context } from 'hono'
import { type Problem, retryAfterS } from '../../../src/problem'
import { fr } from '../messages/fr'
import { problemMessage } from '../messages/problems-fr'
import { refererPath } from '../referer'
import { routes } from '../routes'
import { clearSession, flash, sessionOf } from '../session'
import { memoizeByKey } from './memoize'
import { page, renderDocument } from './page'
import { TraceId } from './trace-id'

/** The page for a problem. `UNAUTHENTICATED` redirects to the login page, which redirects back after the login. */
export function problemPage(c: Context, problem: Problem): Response {
  if (problem.code === 'UNAUTHENTICATED') return redirectToLogin(c)
  if (problem.code === 'OVERLOADED' || problem.code === 'TOO_MANY_CONCURRENT_REQUESTS') return rejectionPage(c, problem)
  if (Array.isArray(problem.allow)) c.header('Allow', problem.allow.join(', '))
  return page(
    c,
    { title: problemMessage(problem).title, status: problem.status },
    sectionOf(problem, retryPath(c, problem)),
  )
}

function sectionOf(problem: Problem, retryHref: string | undefined) {
  const { title, advice } = problemMessage(problem)
  return (
    <section class="card center problem">
      <p class="status" aria-hidden="true">
        {problem.status}
      </p>
      <h1>{title}</h1>
      <p>{advice}</p>
      <p class="actions">
        {retryHref && (
          <a class="button" href={retryHref}>
            {fr.problem.again}
          </a>
        )}
        <a class={retryHref ? 'button quiet' : 'button'} href={routes.home}>
          {fr.problem.home}
        </a>
      </p>
      <TraceId id={problem.traceId} />
    </section>
  )
}

const retryPath = (c: Context, { status }: Problem) =>
  status >= 500 && c.req.method === 'GET' ? c.req.path : undefined

// A rejection must be cheap: the page is rendered once for all visitors, and only its trace id is replaced.
function rejectionPage(c: Context, problem: Problem): Response {
  const retryHref = retryPath(c, problem)
  const template = String(rejectionHtml({ problem: { ...problem, traceId: traceIdPlaceholder }, retryHref }))
  const html = template.replace(traceIdPlaceholder, problem.traceId)
  return c.html(html, problem.status, {
    'Cache-Control': 'no-store',
    'Retry-After': String(problem.retry_after_s ?? retryAfterS),
  })
}

const traceIdPlaceholder = '0'.repeat(32)
const rejectionHtml = memoizeByKey(
  ({ problem, retryHref = '' }: { problem: Problem; retryHref: string | undefined }) => `${problem.code} ${retryHref}`,
  ({ problem, retryHref }) => {
    const visitor = { isSignedIn: false, cartCount: 0, path: retryHref ?? '' }
    return renderDocument({
      title: problemMessage(problem).title,
      visitor,
      flash: undefined,
      children: sectionOf(problem, retryHref),
    })
  },
)

// Clears the session, because its token may have expired.
function redirectToLogin(c: Context): Response {
  clearSession(c)
  sessionOf(c)?.set('return_to', returnPath(c))
  flash(c, { kind: 'info', text: fr.flash.pleaseSignIn })
  return c.redirect(routes.login, 303)
}

function returnPath(c: Context): string {
  const { pathname, search } = new URL(c.req.url)
  if (c.req.method === 'GET') return pathname + search
  return refererPath(c) ?? (pathname === routes.cartAdd ? routes.home : routes.checkout)
}
