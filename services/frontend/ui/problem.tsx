import type { Context } from 'hono'
import type { Problem } from '../../../src/problem'
import { cameFrom } from '../came-from'
import { routes } from '../routes'
import { flash, sessionOf, startAfresh } from '../session'
import { fr } from '../text/fr'
import { problemText } from '../text/problems-fr'
import { page } from './page'
import { TraceId } from './trace-id'

/** Shows a problem as a page. Who must sign in is sent to the login page instead, and comes back from there. */
export function showProblem(c: Context, problem: Problem): Response {
  if (problem.code === 'UNAUTHENTICATED') return askToSignIn(c)
  if (Array.isArray(problem.allow)) c.header('Allow', problem.allow.join(', '))
  const { title, advice } = problemText(problem)
  const canTryAgain = problem.status >= 500 && c.req.method === 'GET'
  return page(
    c,
    { title, status: problem.status },
    <section class="card center problem">
      <p class="status" aria-hidden="true">
        {problem.status}
      </p>
      <h1>{title}</h1>
      <p>{advice}</p>
      <p class="actions">
        {canTryAgain && (
          <a class="button" href={c.req.path}>
            {fr.problem.again}
          </a>
        )}
        <a class={canTryAgain ? 'button quiet' : 'button'} href={routes.home}>
          {fr.problem.home}
        </a>
      </p>
      <TraceId id={problem.traceId} />
    </section>,
  )
}

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
