/** SHA-256 of a request, in hexadecimal: whether an idempotency key comes with the same request again. */
export const requestHash = (request: Record<string, unknown>): string =>
  new Bun.CryptoHasher('sha256').update(JSON.stringify(request)).digest('hex')
