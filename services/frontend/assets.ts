import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { type Context, Hono } from 'hono'
import { DomainError } from '../../src/problem'
import { paths, routes } from './routes'

interface Asset {
  body: Uint8Array<ArrayBuffer>
  /** Absent for files that are compressed themselves. */
  gzipped: Uint8Array<ArrayBuffer> | undefined
  type: string
  hash: string
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}
const immutable = 'public, max-age=31536000, immutable'
const oneDay = 'public, max-age=86400'

// The Latin part of the font: 20 KB. Its license is OFL-1.1.
const font = '@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2'

const files = load('assets').set('figtree.woff2', readAsset(Bun.resolveSync(font, import.meta.dir)))
files.set('style.css', concatenate(load('assets/style')))
const images = load('assets/images')
const hashed = new Map([...files].map(([name, file]) => [hashedName(name, file.hash), file]))

/** The URL path of a file in assets/. It contains a hash of the content, so that caches can store it forever. */
export function assetPath(name: string): string {
  const file = files.get(name)
  if (!file) throw new Error(`there is no assets/${name}`)
  return paths.asset(hashedName(name, file.hash))
}

/** Serves the files of assets/ from memory, as they were when the process started. */
export const assets = new Hono()
  .get(routes.asset, (c) => send(c, hashed.get(c.req.param('file')), immutable))
  .get(routes.image, (c) => send(c, images.get(c.req.param('file')), oneDay))
  .get(routes.favicon, (c) => send(c, files.get('favicon.svg'), oneDay))

/** Samples no traces of assets: a page has a dozen, served from memory. Metrics and logs still have each request. */
export const assetSamplingRules = [routes.asset, routes.image, routes.favicon].map((route) => ({
  method: '*',
  route,
  ratio: 0,
}))

function send(c: Context, file: Asset | undefined, cacheControl: string): Response {
  if (!file) throw new DomainError('NOT_FOUND')
  const etag = `W/"${file.hash}"`
  const headers = { 'Cache-Control': cacheControl, ETag: etag, Vary: 'Accept-Encoding' }
  if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers)
  const gzipped = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '') ? file.gzipped : undefined
  const encoding = gzipped ? { 'Content-Encoding': 'gzip' } : {}
  return c.body(gzipped ?? file.body, 200, { ...headers, ...encoding, 'Content-Type': file.type })
}

function load(folder: string): Map<string, Asset> {
  const dir = `${import.meta.dir}/${folder}`
  const names = readdirSync(dir).filter((name) => types[extname(name)])
  return new Map(names.sort().map((name) => [name, readAsset(`${dir}/${name}`)]))
}

function readAsset(path: string): Asset {
  return createAsset(new Uint8Array(readFileSync(path)), extname(path))
}

// One file for all style sheets, in the order of the numbers in their names.
function concatenate(sheets: Map<string, Asset>): Asset {
  const css = Buffer.concat([...sheets.values()].map(({ body }) => body)).toString()
  const linked = css.replaceAll(/url\("([\w.-]+)"\)/g, (_url, name: string) => `url("${assetPath(name)}")`)
  return createAsset(new TextEncoder().encode(linked), '.css')
}

function createAsset(body: Uint8Array<ArrayBuffer>, extension: string): Asset {
  const hash = new Bun.CryptoHasher('sha256').update(body).digest('hex').slice(0, 12)
  const gzipped = extension === '.woff2' ? undefined : Bun.gzipSync(body, { level: 9 })
  return { body, gzipped, type: types[extension] ?? '', hash }
}

function hashedName(name: string, hash: string): string {
  const extension = extname(name)
  return `${name.slice(0, -extension.length)}.${hash}${extension}`
}
