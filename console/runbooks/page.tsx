import type { Context } from 'hono'
import type { Store } from '../store'
import { page } from '../ui/page'
import { paths, runbookLink } from '../ui/paths'
import { Markdown, parseMarkdown } from './markdown'
import type { Runbooks } from './read-runbooks'

const indexName = 'README'
const { traces, logs, httpRequests, metrics, queries, map, errors, alerts } = paths
const consolePages: readonly string[] = [traces, logs, httpRequests, metrics, queries, map, errors, alerts]

/** A runbook at `/runbooks/NAME` or `/runbooks/NAME.md`, and the list of all runbooks at `/runbooks`. */
export function runbookPage(store: Store, runbooks: Runbooks) {
  return (c: Context): Response | Promise<Response> => {
    const name = c.req.param('name')?.replace(/\.md$/, '') ?? indexName
    const text = runbooks.get(name)
    if (text === undefined) return c.notFound()
    const { title, tokens } = parseMarkdown(text)
    return page(
      c,
      store,
      { title, activePage: 'alerts' },
      <article class="panel runbook" lang="en">
        <Markdown tokens={tokens} linkTo={(href) => resolveLink(href, runbooks)} />
      </article>,
    )
  }
}

/** Links to other runbooks, pages of the console and http(s) addresses. Other files are not served: no target. */
function resolveLink(href: string, runbooks: Runbooks): string | undefined {
  if (/^https?:\/\//.test(href) || consolePages.includes(href.split('?')[0] ?? '')) return href
  // Headings of a served runbook have no anchors.
  const name = href.replace(/\.md(#.*)?$/, '')
  if (name === indexName) return paths.runbooks
  return runbooks.has(name) ? runbookLink(name) : undefined
}
