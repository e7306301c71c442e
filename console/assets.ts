import { readdirSync, readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'

interface Asset {
  body: Uint8Array<ArrayBuffer>
  gzipped: Uint8Array<ArrayBuffer>
  type: string
  address: string
}

const types: Record<string, string> = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' }
const known = new Map<string, Asset>()
const byAddress = new Map<string, Asset>()

// All styles go as one file; the numbers in their names say in which order.
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

/** The address of an island, of the styles or of the icon: with a hash of its content, so that it may be kept for ever. */
export function assetPath(name: string): string {
  const found = known.get(name)
  if (!found) throw new Error(`the console has no ${name}`)
  return found.address
}

export const assets = new Hono().get('/assets/:file', (c) => send(c, byAddress.get(c.req.path)))

function send(c: Context, file: Asset | undefined): Response | Promise<Response> {
  if (!file) return c.notFound()
  const zip = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
  c.header('Cache-Control', 'public, max-age=31536000, immutable')
  c.header('Vary', 'Accept-Encoding')
  c.header('Content-Type', file.type)
  if (zip) c.header('Content-Encoding', 'gzip')
  return c.body(zip ? file.gzipped : file.body)
}

function add(name: string, text: string): void {
  const body = new TextEncoder().encode(text)
  const hash = new Bun.CryptoHasher('sha256').update(body).digest('hex').slice(0, 12)
  const [stem, extension = ''] = name.split('.')
  const address = `/assets/${stem}.${hash}.${extension}`
  const made = { body, gzipped: Bun.gzipSync(body), type: `${types[extension]}; charset=utf-8`, address }
  known.set(name, made)
  byAddress.set(address, made)
}

function folder(name: string): string[] {
  return readdirSync(`${import.meta.dir}/${name}`).sort()
}
