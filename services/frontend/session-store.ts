import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { CookieStore, type SessionData } from 'hono-sessions'

const ivBytes = 12
const tagBytes = 16

// Browsers store 4096 bytes for name, value and attributes together.
const maxCookieLength = 3800

/**
 * Stores the session in the cookie, encrypted with AES-256-GCM. Synchronous node:crypto takes a few microseconds, the
 * default store of hono-sessions 180. A visitor without session data gets no cookie.
 */
export class SealedCookieStore extends CookieStore {
  readonly #key: Uint8Array

  constructor(secret: string) {
    super()
    this.#key = new Uint8Array(hkdfSync('sha256', secret, '', 'vitrine session', 32))
  }

  override async getSession(c: Context): Promise<SessionData | null> {
    const cookie = this.#cookie(c)
    return cookie ? this.#open(cookie) : null
  }

  override async createSession(): Promise<void> {}

  override async persistSessionData(c: Context, session: SessionData): Promise<void> {
    if (Object.keys(session._data).length > 0) {
      return setCookie(c, this.sessionCookieName, this.#sealWithinLimit(session), this.cookieOptions)
    }
    if (this.#cookie(c)) await this.deleteSession(c)
  }

  override async deleteSession(c: Context): Promise<void> {
    setCookie(c, this.sessionCookieName, '', { ...this.cookieOptions, maxAge: 0 })
  }

  #cookie(c: Context): string | undefined {
    return getCookie(c, this.sessionCookieName, this.cookieOptions?.prefix)
  }

  // Browsers drop a longer cookie silently, and the visitor would be signed out.
  #sealWithinLimit(session: SessionData): string {
    const sealed = this.#seal(session)
    if (sealed.length <= maxCookieLength) return sealed
    const { flash: _flash, return_to: _returnTo, ...rest } = session._data
    return this.#seal({ ...session, _data: rest })
  }

  #seal(session: SessionData): string {
    const iv = randomBytes(ivBytes)
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv)
    const sealed = Buffer.concat([cipher.update(JSON.stringify(session), 'utf8'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  // A forged cookie, or one that was encrypted with another key, is no session.
  #open(cookie: string): SessionData | null {
    try {
      const bytes = Buffer.from(cookie, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
      const text = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()])
      return JSON.parse(text.toString('utf8'))
    } catch {
      return null
    }
  }
}
