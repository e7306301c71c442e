import { readdirSync, readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'

interface Asset {
  body: Uint8Array<ArrayBuffer>
  gzipped: Uint8Array<ArrayBuffer>
  type: string
  path: string
}

const types: Record<string, string> = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' }
const byName = new Map<string, Asset>()
const byPath = new Map<string, Asset>()

// All style sheets are one file, in the order of the numbers in their names.
const sheets = folder('style').map((name) => readFileSync(`${import.meta.dir}/style/${name}`, 'utf8'))
add('style.css', sheets.join('\n'))
add('favicon.svg', readFileSync(`${import.meta.dir}/ui/favicon.svg`, 'utf8'))
const scripts = folder('islands').filter((name) => !name.startsWith('_'))
const built = await Bun.build({
  entrypoints: scripts.map((name) => `${import.meta.dir}/islands/${name}`),
  target: 'browser',
  minify: true,
})
for (const [index, output] of built.outputs.entries()) add(scripts[index] ?? '', await output.text())

/** The path of an island, of `style.css` or of `favicon.svg`. It has a hash of the content, so that browsers can cache it forever. */
export function assetPath(name: string): string {
  const asset = byName.get(name)
  if (!asset) throw new Error(`the console has no asset ${name}`)
  return asset.path
}

export const assets = new Hono().get('/assets/:file', (c) => send(c, byPath.get(c.req.path)))

function send(c: Context, file: Asset | undefined): Response | Promise<Response> {
  if (!file) return c.notFound()
  const acceptsGzip = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
  c.header('Cache-Control', 'public, max-age=31536000, immutable')
  c.header('Vary', 'Accept-Encoding')
  c.header('Content-Type', file.type)
  if (acceptsGzip) c.header('Content-Encoding', 'gzip')
  return c.body(acceptsGzip ? file.gzipped : file.body)
}

function add(name: string, text: string): void {
  const body = new TextEncoder().encode(text)
  const hash = new Bun.CryptoHasher('sha256').update(body).digest('hex').slice(0, 12)
  const [stem, extension = ''] = name.split('.')
  const path = `/assets/${stem}.${hash}.${extension}`
  const asset = { body, gzipped: Bun.gzipSync(body), type: `${types[extension]}; charset=utf-8`, path }
  byName.set(name, asset)
  byPath.set(path, asset)
}

function folder(name: string): string[] {
  return readdirSync(`${import.meta.dir}/${name}`).sort()
}
