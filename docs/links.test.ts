import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

const root = join(import.meta.dir, '..')
const git = Bun.spawnSync(['git', 'ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: root })
const pages = git.stdout
  .toString()
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

interface Link {
  page: string
  target: string
}

/** The links and images of a page, outside of code. */
function linksOf(page: string): Link[] {
  const text = read(page)
    .replace(/^(```+|~~~+)[\s\S]*?^\1/gm, '')
    .replace(/`[^`\n]*`/g, '')
  const inline = [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)]
  const references = [...text.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)]
  return [...inline, ...references].map(([, target = '']) => ({ page, target }))
}

/** The anchors of a page, as GitHub derives them from headings. */
function anchorsOf(page: string): string[] {
  const text = read(page).replace(/^(```+)[\s\S]*?^\1/gm, '')
  const explicit = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id)
  const used = new Map<string, number>()
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
      .replaceAll(' ', '-')
    const count = used.get(slug) ?? 0
    used.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
  return [...explicit, ...headings]
}

const links = pages.flatMap(linksOf)
const isAbsolute = ({ target }: Link) => /^[a-z]+:/.test(target)

test('every relative link leads to a file, and every #anchor to a heading', () => {
  const relative = links.filter((link) => !isAbsolute(link))
  const broken = relative.filter(({ page, target }) => {
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)))
    if (file.startsWith('..') || !existsSync(join(root, file))) return true
    if (!anchor) return false
    return statSync(join(root, file)).isDirectory() || !anchorsOf(file).includes(decodeURIComponent(anchor))
  })
  expect(relative.length).toBeGreaterThan(40)
  expect(broken.map(({ page, target }) => `${page}: ${target}`)).toEqual([])
})

test('no link leads to a host that does not exist', () => {
  // This repository has no public address, so every address of it is invented.
  const invented = links.filter(isAbsolute).filter(({ target }) => {
    const { protocol, hostname, pathname } = new URL(target)
    if (protocol !== 'https:') return true
    return (
      /(^|\.)(example|test|invalid|localhost)$|(^|\.)example\.(com|org|net)$|^localhost$|^[\d.]+$/.test(hostname) ||
      /vitrine/i.test(hostname + pathname)
    )
  })
  expect(invented.map(({ page, target }) => `${page}: ${target}`)).toEqual([])
})

// Files that a recipe creates.
const examples = [
  'services/product/find-cheapest.ts',
  'docs/runbooks/ManyRefusals.md',
  'scenarios/catalog/slow-login.ts',
  'faults/faults.json',
]

test('every path in the text of a guide exists', () => {
  const guides = pages.filter((page) =>
    /^(README|AGENTS|CONTRIBUTING|docs\/architecture|docs\/guide\/.*)\.md$/.test(page),
  )
  const tops = readdirSync(root).filter((name) => statSync(join(root, name)).isDirectory() && !name.startsWith('.'))
  const named = guides.flatMap((page) =>
    [...read(page).matchAll(/`((?:[\w.-]+\/)+[\w.-]*|[\w-]+\.yaml)(?:`|[ :#])/g)].map(([, path = '']) => ({
      page,
      path,
    })),
  )
  const ours = named.filter(({ path }) => path.endsWith('.yaml') || tops.includes(path.split('/')[0] ?? ''))
  const missing = ours.filter(({ path }) => !examples.includes(path) && !existsSync(join(root, path)))
  expect(ours.length).toBeGreaterThan(80)
  expect(missing.map(({ page, path }) => `${page}: ${path}`)).toEqual([])
})
