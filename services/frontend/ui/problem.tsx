import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import { type Problem, retryAfterS } from '../../../src/problem'
import { languageHeaders, messagesOf } from '../language'
import { type Messages, useMessages } from '../messages/messages'
import { problemText, retryAfterSeconds } from '../messages/problem-text'
import { refererPath } from '../referer'
import { localPath, localPathOf, routes } from '../routes'
import { clearSession, flash, sessionOf, shopperOf } from '../session'
import { createCache } from './memoize'
import { page, renderDocument } from './page'
import { TraceId } from './trace-id'

/** The page for a problem. `UNAUTHENTICATED` redirects to the login page, which redirects back after the login. */
export function problemPage(c: Context, problem: Problem): Response {
  if (problem.code === 'UNAUTHENTICATED') return redirectToLogin(c)
  if (problem.code === 'OVERLOADED' || problem.code === 'TOO_MANY_CONCURRENT_REQUESTS') return rejectionPage(c, problem)
  if (Array.isArray(problem.allow)) c.header('Allow', problem.allow.join(', '))
  const { title } = problemText(messagesOf(c), problem)
  const { status } = problem
  const retryAfter = status === 429 ? retryAfterSeconds(problem) : undefined
  return page(c, { title, status, retryAfter }, <Section problem={problem} retryHref={retryPath(c, problem)} />)
}

const Section: FC<{ problem: Problem; retryHref: string | undefined }> = ({ problem, retryHref }) => {
  const messages = useMessages()
  const { title, advice } = problemText(messages, problem)
  const isOfCatalog = problem.code === 'INVALID_SEARCH' || problem.code === 'NO_SUCH_PRODUCT'
  return (
    <section class="card center problem">
      <h1>{title}</h1>
      <p>{advice}</p>
      <p class="actions">
        {retryHref && (
          <a class="button" href={retryHref}>
            {messages.problem.again}
          </a>
        )}
        <a class={retryHref ? 'button quiet' : 'button'} href={isOfCatalog ? routes.products : routes.home}>
          {isOfCatalog ? messages.catalog.all : messages.problem.home}
        </a>
      </p>
      <TraceId id={problem.traceId} />
      <p class="hint">{messages.problem.status(problem.status)}</p>
    </section>
  )
}

const retryPath = (c: Context, { status }: Problem) =>
  status >= 500 && c.req.method === 'GET' ? localPath(c.req.path) : undefined

// A rejection must be cheap: the page is rendered once for all visitors, and only its trace id is replaced.
function rejectionPage(c: Context, problem: Problem): Response {
  const messages = messagesOf(c)
  const template = rejectionHtml(messages, problem, retryPath(c, problem))
  const html = template.replace(traceIdPlaceholder, problem.traceId)
  return c.html(html, problem.status, {
    'Cache-Control': 'no-store',
    'Retry-After': String(problem.retry_after_s ?? retryAfterS),
    ...languageHeaders(messages),
  })
}

const traceIdPlaceholder = '0'.repeat(32)
const rejectionPages = createCache<string>(1000)

const rejectionHtml = (messages: Messages, problem: Problem, retryHref: string | undefined): string =>
  rejectionPages(`${messages.language} ${problem.code} ${retryHref}`, () =>
    renderDocument(messages, {
      title: problemText(messages, problem).title,
      visitor: { user: undefined, cartCount: 0, path: retryHref ?? '' },
      address: retryHref ?? routes.home,
      origin: '',
      flash: undefined,
      children: <Section problem={{ ...problem, traceId: traceIdPlaceholder }} retryHref={retryHref} />,
    }),
  )

// The token of a shopper may have expired. A guest keeps their cart.
function redirectToLogin(c: Context): Response {
  if (shopperOf(c)) clearSession(c)
  sessionOf(c)?.set('return_to', returnPath(c))
  flash(c, { kind: 'info', text: messagesOf(c).flash.pleaseSignIn })
  return c.redirect(routes.login, 303)
}

function returnPath(c: Context): string {
  const here = URL.parse(c.req.url)
  if (c.req.method === 'GET') return (here && localPathOf(here)) ?? routes.home
  return refererPath(c) ?? routes.checkout
}
