import type { Context } from 'hono'
import type { Problem } from '../../../src/problem'
import { cameFrom } from '../came-from'
import { routes } from '../routes'
import { flash, sessionOf, startAfresh } from '../session'
import { fr } from '../text/fr'
import { problemText } from '../text/problems-fr'
import { documentOf, page, retryAfter } from './page'
import { remembered } from './remembered'
import { TraceId } from './trace-id'

/** Shows a problem as a page. Who must sign in is sent to the login page instead, and comes back from there. */
export function showProblem(c: Context, problem: Problem): Response {
  if (problem.code === 'UNAUTHENTICATED') return askToSignIn(c)
  if (problem.code === 'OVERLOADED') return turnAway(c, problem)
  if (Array.isArray(problem.allow)) c.header('Allow', problem.allow.join(', '))
  return page(c, { title: problemText(problem).title, status: problem.status }, sectionOf(problem, againAt(c, problem)))
}

function sectionOf(problem: Problem, again: string | undefined) {
  const { title, advice } = problemText(problem)
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
const crowded = remembered(
  ({ again = '' }: { problem: Problem; again: string | undefined }) => again,
  ({ problem, again }) => {
    const visitor = { isSignedIn: false, cartCount: 0, path: again ?? '' }
    return documentOf({
      title: problemText(problem).title,
      visitor,
      flash: undefined,
      children: sectionOf(problem, again),
    })
  },
)

// Also when order-service no longer knows the token: then the session is over.
function askToSignIn(c: Context): Response {
  startAfresh(c)
  sessionOf(c)?.set('return_to', returnPath(c))
  flash(c, { kind: 'info', text: fr.flash.pleaseSignIn })
  return c.redirect(routes.login, 303)
}

function returnPath(c: Context): string {
  const { pathname, search } = new URL(c.req.url)
  if (c.req.method === 'GET') return pathname + search
  return cameFrom(c) ?? (pathname === routes.cartAdd ? routes.home : routes.checkout)
}
