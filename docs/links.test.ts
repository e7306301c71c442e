import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

const root = join(import.meta.dir, '..')
const git = Bun.spawnSync(['git', 'ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
const files = git.stdout
  .toString()
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)))
const pages = files.filter((path) => path.endsWith('.md'))
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

// Files that a recipe or a reader creates.
const examples = [
  'services/product/find-cheapest.ts',
  'services/product/migrations/{mysql,sqlite}/0003_product-brand.sql',
  'docs/runbooks/ManyRefusals.md',
  'scenarios/catalog/slow-login.ts',
  'faults/faults.json',
  'mine.ts',
  'rates.yml',
  'report.md',
]
const folders = readdirSync(root).filter((name) => statSync(join(root, name)).isDirectory() && !name.startsWith('.'))
const isPath = (word: string) => folders.includes(word.split('/')[0] ?? '') && word.includes('/')
const isFileName = (word: string) => /^[\w-]+(\.[\w-]+)*\.(tsx?|md|ya?ml|json|css)$/.test(word)

test('every file and folder in a code span of a document exists', () => {
  const documents = pages.filter((page) => page !== 'CHANGELOG.md')
  const named = documents.flatMap((page) =>
    read(page)
      .split('\n')
      .flatMap((line) => pathsIn(line).map((named) => ({ page, ...named }))),
  )
  const missing = named.filter(({ path, folder }) => !examples.includes(path) && !isInRepository(path, folder))
  expect(named.length).toBeGreaterThan(250)
  expect(missing.map(({ page, path, folder }) => `${page}: ${path}${folder && ` in ${folder}`}`)).toEqual([])
})

/** A file name without a folder belongs to the folder of the path before it in its line. */
function pathsIn(line: string): { path: string; folder: string }[] {
  let folder = ''
  return [...line.matchAll(/`([^`]+)`/g)].flatMap(([, span = '']) =>
    span.split(/[\s:#]+/).flatMap((path) => {
      if (isFileName(path)) return [{ path, folder }]
      if (!isPath(path)) return []
      folder = /\.\w+$/.test(path) ? dirname(path) : path
      return [{ path, folder: '' }]
    }),
  )
}

function isInRepository(path: string, folder: string): boolean {
  if (/[*{]/.test(path)) return !new Bun.Glob(path).scanSync({ cwd: root, onlyFiles: false }).next().done
  if (existsSync(join(root, folder, path)) || existsSync(join(root, path))) return true
  return folder === '' && files.some((file) => file.endsWith(`/${path}`))
}

test('every document and module that a comment names exists, and every #anchor is a heading', () => {
  const named = files
    .filter((file) => /\.(tsx?|ya?ml)$/.test(file))
    .flatMap((file) => commentsOf(file).flatMap((comment) => namesIn(comment).map((name) => ({ file, ...name }))))
  const broken = named.filter(({ file, path, anchor }) => {
    if (examples.includes(path)) return false
    const found = [path, normalize(join(dirname(file), path))].find((one) => files.includes(one))
    if (anchor !== undefined) return found === undefined || !anchorsOf(found).includes(anchor)
    return found === undefined && !files.some((one) => one.endsWith(`/${path}`))
  })
  expect(named.length).toBeGreaterThan(40)
  expect(broken.map(({ file, path, anchor = '' }) => `${file}: ${path} ${anchor}`)).toEqual([])
})

function commentsOf(file: string): string[] {
  const pattern = /\.ya?ml$/.test(file) ? /(?<!\S)#.*$/gm : /\/\*[\s\S]*?\*\/|(?<!\S)\/\/.*$/gm
  return read(file).match(pattern) ?? []
}

function namesIn(comment: string): { path: string; anchor: string | undefined }[] {
  const names = comment.matchAll(/(?<![\w/:.@*-])((?:\.{1,2}\/)*\w[\w./-]*\.(?:tsx?|md))\b(?:#([\w-]+))?/g)
  return [...names].map(([, path = '', anchor]) => ({ path, anchor }))
}
