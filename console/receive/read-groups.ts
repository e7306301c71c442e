import type { DecodedRequest, Resource, Scope } from './telemetry-types'
import { type Attributes, attributesOf, readList, readObject, stringOf } from './values'

const noScope: Scope = { name: '', version: '', attributes: {} }

/**
 * Reads resources, scopes and items, which are nested in the same way in all three signals. For each item, `read` calls `add`
 * or `reject`.
 * @throws MalformedError
 */
export function readGroups<T>(
  request: object,
  [resources, scopes, items]: readonly [string, string, string],
  read: (raw: object, scope: Scope, add: (item: T) => void, reject: (reason: string) => void) => void,
): DecodedRequest<T> {
  const decoded: DecodedRequest<T> = { groups: [], rejected: 0, errorMessage: '' }
  readList(request, resources, (group) => {
    const found: T[] = []
    const add = (item: T) => void found.push(item)
    readList(group, scopes, (scoped) => {
      const scope = readObject(scoped, 'scope', readScope) ?? noScope
      readList(scoped, items, (raw) => read(raw, scope, add, reject))
    })
    const resource = readObject(group, 'resource', (raw) => toResource(attributesOf(raw))) ?? toResource({})
    if (found.length > 0) decoded.groups.push({ resource, items: found })
  })
  return decoded

  function reject(reason: string): void {
    decoded.rejected++
    decoded.errorMessage ||= reason
  }
}

/** A resource with these attributes. Without `service.name`, its service is `unknown_service`. */
export function toResource(attributes: Attributes): Resource {
  const service = attributes['service.name']
  return {
    service: typeof service === 'string' && service !== '' ? service.slice(0, 200) : 'unknown_service',
    attributes,
  }
}

/** Reads an InstrumentationScope. @throws MalformedError */
export function readScope(raw: object): Scope {
  return { name: stringOf(raw, 'name'), version: stringOf(raw, 'version'), attributes: attributesOf(raw) }
}
