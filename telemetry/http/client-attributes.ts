import { createSharedAttributes, type SharedAttributes } from '../shared-attributes'
import { hostOf } from './request-attributes'

/** Calls that are equal in all of this share their attributes. */
interface Call {
  method: string
  origin: string
  status: number | undefined
  /** `error.type` */
  failure: string | undefined
}

/** Creates and caches the attributes of calls to one peer. @param maxCached attribute sets that are cached at once. */
export function clientAttributes(peer: string | undefined, maxCached = 500) {
  const byOrigin = new Map<string, (Call & { shared: SharedAttributes })[]>()
  let size = 0

  return ({ method, origin, status, failure }: Call): SharedAttributes => {
    const candidates = byOrigin.get(origin) ?? []
    for (const cached of candidates) {
      if (cached.status === status && cached.method === method && cached.failure === failure) return cached.shared
    }
    const shared = create({ method, origin, status, failure }, peer)
    if (size >= maxCached) byOrigin.clear()
    size = byOrigin.size === 0 ? 1 : size + 1
    byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), { method, origin, status, failure, shared }])
    return shared
  }
}

function create({ method, origin, status, failure }: Call, peer: string | undefined): SharedAttributes {
  const { address, port } = hostOf(origin)
  return createSharedAttributes({
    'http.request.method': method,
    'server.address': address,
    'server.port': port,
    ...(peer && { 'service.peer.name': peer }),
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...(failure && { 'error.type': failure }),
  })
}
