import { expect, test } from 'bun:test'
import { createConsole } from '../app'
import { openStore } from '../store'
import { readRunbooks } from './read-runbooks'

const runbooks = new Map([
  ['README', '# Runbooks\n\n| alert |\n|---|\n| [ServiceDown](ServiceDown.md) |\n'],
  [
    'ServiceDown',
    '# ServiceDown\n\n## Do\n1. **Start** it: `bun run dev` <script>alert(1)</script>\n2. [all](README.md), [Do](ServiceDown.md#do), [none](../x.md), [bad](javascript:alert)\n\n```promql\nup < 1\n```\n3. `/map`, `/metrics?name=a.b`, `/etc`, `//x.test/map`\n',
  ],
])
const app = createConsole({ store: openStore({}), runbooks })
const get = async (path: string) => {
  const response = await app.request(`http://localhost${path}`, { headers: { Host: 'localhost' } })
  return { status: response.status, html: await response.text() }
}

test('a runbook is a page, with or without .md', async () => {
  const { status, html } = await get('/runbooks/ServiceDown')
  expect(status).toBe(200)
  expect(html).toContain('<strong>Start</strong>')
  expect(html).toContain('<code>bun run dev</code>')
  expect(html).toContain('<pre><code>up &lt; 1</code></pre>')
  expect((await get('/runbooks/ServiceDown.md')).status).toBe(200)
})

test('HTML and unsafe links of a runbook are escaped or removed', async () => {
  const { html } = await get('/runbooks/ServiceDown')
  expect(html).not.toContain('<script>alert')
  expect(html).not.toContain('javascript:')
  expect(html).not.toContain('../x.md')
})

test('the list links to each runbook, and an unknown runbook is a 404', async () => {
  expect((await get('/runbooks')).html).toContain('<a href="/runbooks/ServiceDown">ServiceDown</a>')
  expect((await get('/runbooks/ServiceDown')).html).toContain('<a href="/runbooks">all</a>')
  expect((await get('/runbooks/Other')).status).toBe(404)
})

test('a page of the console in a runbook is a link, and so is a section of another runbook', async () => {
  const { html } = await get('/runbooks/ServiceDown')
  expect(html).toContain('<a href="/map"><code>/map</code></a>')
  expect(html).toContain('<a href="/metrics?name=a.b"><code>/metrics?name=a.b</code></a>')
  expect(html).toContain('<code>/etc</code>, <code>//x.test/map</code>')
  expect(html).toContain('<a href="/runbooks/ServiceDown">Do</a>')
})

test('a folder without Markdown files is an error', async () => {
  await expect(readRunbooks(`${import.meta.dir}/none`)).rejects.toThrow('VITRINE_CONSOLE_RUNBOOKS')
})
