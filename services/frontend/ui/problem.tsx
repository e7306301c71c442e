import type { Context } from 'hono'
import type { Problem } from '../../../src/problem'
import { fr } from '../messages/fr'
import { problemMessage } from '../messages/problems-fr'
import { refererPath } from '../referer'
import { routes } from '../routes'
import { clearSession, flash, sessionOf } from '../session'
import { memoizeByKey } from './memoize'
import { page, renderDocument, retryAfter } from './page'
import { TraceId } from './trace-id'

/** Shows a problem as a page. Who must sign in is sent to the login page instead, and comes back from there. */
export function problemPage(c: Context, problem: Problem): Response {
  if (problem.code === 'UNAUTHENTICATED') return askToSignIn(c)
  if (problem.code === 'OVERLOADED') return turnAway(c, problem)
  if (Array.isArray(problem.allow)) c.header('Allow', problem.allow.join(', '))
  return page(
    c,
    { title: problemMessage(problem).title, status: problem.status },
    sectionOf(problem, againAt(c, problem)),
  )
}

function sectionOf(problem: Problem, again: string | undefined) {
  const { title, advice } = problemMessage(problem)
  return (
    <section class="card center problem">
      <p class="status" aria-hidden="true">
        {problem.status}
      </p>
      <h1>{title}</h1>
      <p>{advice}</p>
      <p class="actions">
        {again && (
          <a class="button" href={again}>
            {fr.problem.again}
          </a>
        )}
        <a class={again ? 'button quiet' : 'button'} href={routes.home}>
          {fr.problem.home}
        </a>
      </p>
      <TraceId id={problem.traceId} />
    </section>
  )
}

const againAt = (c: Context, { status }: Problem) => (status >= 500 && c.req.method === 'GET' ? c.req.path : undefined)

// Who is one too many costs next to nothing: the page is rendered once, for anybody, and only its trace id differs.
function turnAway(c: Context, problem: Problem): Response {
  const again = againAt(c, problem)
  const text = String(crowded({ problem: { ...problem, traceId: anyTrace }, again })).replace(anyTrace, problem.traceId)
  return c.html(text, problem.status, { 'Cache-Control': 'no-store', 'Retry-After': retryAfter })
}

const anyTrace = '0'.repeat(32)
const crowded = memoizeByKey(
  ({ again = '' }: { problem: Problem; again: string | undefined }) => again,
  ({ problem, again }) => {
    const visitor = { isSignedIn: false, cartCount: 0, path: again ?? '' }
    return renderDocument({
      title: problemMessage(problem).title,
      visitor,
      flash: undefined,
      children: sectionOf(problem, again),
    })
  },
)

// Also when order-service no longer knows the token: then the session is over.
function askToSignIn(c: Context): Response {
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
