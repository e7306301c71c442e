import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { type Context, Hono } from 'hono'
import { DomainError } from '../../src/problem'
import { paths, routes } from './routes'

interface Asset {
  body: Uint8Array<ArrayBuffer>
  gzipped: Uint8Array<ArrayBuffer>
  type: string
  hash: string
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}
const forever = 'public, max-age=31536000, immutable'
const aDay = 'public, max-age=86400'

const files = load('assets').set('style.css', joined(load('assets/style')))
const images = load('assets/images')
const hashed = new Map([...files].map(([name, file]) => [hashedName(name, file.hash), file]))

/** The address of a file in assets/, with a hash of its content: it may be kept for ever. */
export function assetPath(name: string): string {
  const file = files.get(name)
  if (!file) throw new Error(`there is no assets/${name}`)
  return paths.asset(hashedName(name, file.hash))
}

/** Serves what was in assets/ when the process started, from memory; nothing else has an address. */
export const assets = new Hono()
  .get(routes.asset, (c) => send(c, hashed.get(c.req.param('file')), forever))
  .get(routes.image, (c) => send(c, images.get(c.req.param('file')), aDay))
  .get(routes.favicon, (c) => send(c, files.get('favicon.svg'), aDay))

/** Of a page's dozen files no trace is kept: they touch nothing but memory, and are counted and logged all the same. */
export const assetSamplingRules = [routes.asset, routes.image, routes.favicon].map((route) => ({
  method: '*',
  route,
  ratio: 0,
}))

function send(c: Context, file: Asset | undefined, caching: string): Response {
  if (!file) throw new DomainError('NOT_FOUND')
  const etag = `W/"${file.hash}"`
  const headers = { 'Cache-Control': caching, ETag: etag, Vary: 'Accept-Encoding' }
  if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers)
  const zip = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
  const encoding = zip ? { 'Content-Encoding': 'gzip' } : {}
  return c.body(zip ? file.gzipped : file.body, 200, { ...headers, ...encoding, 'Content-Type': file.type })
}

function load(folder: string): Map<string, Asset> {
  const dir = `${import.meta.dir}/${folder}`
  const names = readdirSync(dir).filter((name) => types[extname(name)])
  return new Map(
    names.sort().map((name) => [name, made(new Uint8Array(readFileSync(`${dir}/${name}`)), extname(name))]),
  )
}

// One request for all of it; the numbers in the names say in which order.
function joined(sheets: Map<string, Asset>): Asset {
  return made(new Uint8Array(Buffer.concat([...sheets.values()].map(({ body }) => body))), '.css')
}

function made(body: Uint8Array<ArrayBuffer>, extension: string): Asset {
  const hash = new Bun.CryptoHasher('sha256').update(body).digest('hex').slice(0, 12)
  return { body, gzipped: Bun.gzipSync(body), type: types[extension] ?? '', hash }
}

function hashedName(name: string, hash: string): string {
  const extension = extname(name)
  return `${name.slice(0, -extension.length)}.${hash}${extension}`
}
