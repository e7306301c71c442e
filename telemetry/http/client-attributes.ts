import { createSharedAttributes, type SharedAttributes } from '../shared-attributes'
import { hostOf } from './url'

/** What says which calls are alike. */
interface CallKind {
  method: string
  origin: string
  status: number | undefined
  /** `error.type` */
  failure: string | undefined
}

/** The labels of calls to one peer, made once for each kind; `most` bounds what is remembered of a peer with many faces. */
export function clientAttributes(peer: string | undefined, most = 500) {
  const byOrigin = new Map<string, (CallKind & { labels: SharedAttributes })[]>()
  let size = 0

  return ({ method, origin, status, failure }: CallKind): SharedAttributes => {
    const alike = byOrigin.get(origin) ?? []
    for (const one of alike) {
      if (one.status === status && one.method === method && one.failure === failure) return one.labels
    }
    const labels = make({ method, origin, status, failure }, peer)
    if (size >= most) byOrigin.clear()
    size = byOrigin.size === 0 ? 1 : size + 1
    byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), { method, origin, status, failure, labels }])
    return labels
  }
}

function make({ method, origin, status, failure }: CallKind, peer: string | undefined): SharedAttributes {
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
