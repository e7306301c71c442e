import { readList, readObject } from './malformed'
import type { DecodedRequest, Resource, Scope } from './telemetry-types'
import { type Attributes, attributesOf, stringOf } from './values'

const noScope: Scope = { name: '', version: '', attributes: {} }

/**
 * Walks through resources, scopes and items, which all three signals of OTLP have in the same shape. `read` adds what it
 * makes of an item, or refuses it.
 * @throws Malformed
 */
export function readGroups<T>(
  request: object,
  [resources, scopes, items]: readonly [string, string, string],
  read: (raw: object, scope: Scope, add: (item: T) => void, refuse: (problem: string, count?: number) => void) => void,
): DecodedRequest<T> {
  const received: DecodedRequest<T> = { groups: [], rejected: 0, errorMessage: '' }
  readList(request, resources, (group) => {
    const found: T[] = []
    const add = (item: T) => void found.push(item)
    readList(group, scopes, (scoped) => {
      const scope = readObject(scoped, 'scope', readScope) ?? noScope
      readList(scoped, items, (raw) => read(raw, scope, add, refuse))
    })
    const resource = readObject(group, 'resource', (raw) => toResource(attributesOf(raw))) ?? toResource({})
    if (found.length > 0) received.groups.push({ resource, items: found })
  })
  return received

  function refuse(problem: string, count = 1): void {
    received.rejected += count
    received.errorMessage ||= problem
  }
}

/** A resource by its attributes; one without a name is `unknown_service`. */
export function toResource(attributes: Attributes): Resource {
  const service = attributes['service.name']
  return {
    service: typeof service === 'string' && service !== '' ? service.slice(0, 200) : 'unknown_service',
    attributes,
  }
}

/** A scope from its message. @throws Malformed */
export function readScope(raw: object): Scope {
  return { name: stringOf(raw, 'name'), version: stringOf(raw, 'version'), attributes: attributesOf(raw) }
}
