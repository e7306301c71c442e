import { each, inside } from './malformed'
import type { Received, Resource, Scope } from './signals'
import { type Attributes, attributesOf, textOf } from './values'

const noScope: Scope = { name: '', version: '', attributes: {} }

/**
 * Walks through resources, scopes and items, which all three signals of OTLP have in the same shape. `read` adds what it
 * makes of an item, or refuses it.
 * @throws Malformed
 */
export function collect<T>(
  request: object,
  [resources, scopes, items]: readonly [string, string, string],
  read: (raw: object, scope: Scope, add: (item: T) => void, refuse: (problem: string, count?: number) => void) => void,
): Received<T> {
  const received: Received<T> = { groups: [], rejected: 0, problem: '' }
  each(request, resources, (group) => {
    const found: T[] = []
    const add = (item: T) => void found.push(item)
    each(group, scopes, (scoped) => {
      const scope = inside(scoped, 'scope', scopeOf) ?? noScope
      each(scoped, items, (raw) => read(raw, scope, add, refuse))
    })
    const resource = inside(group, 'resource', (raw) => resourceWith(attributesOf(raw))) ?? resourceWith({})
    if (found.length > 0) received.groups.push({ resource, items: found })
  })
  return received

  function refuse(problem: string, count = 1): void {
    received.rejected += count
    received.problem ||= problem
  }
}

/** A resource by its attributes; one without a name is `unknown_service`. */
export function resourceWith(attributes: Attributes): Resource {
  const service = attributes['service.name']
  return {
    service: typeof service === 'string' && service !== '' ? service.slice(0, 200) : 'unknown_service',
    attributes,
  }
}

/** A scope from its message. @throws Malformed */
export function scopeOf(raw: object): Scope {
  return { name: textOf(raw, 'name'), version: textOf(raw, 'version'), attributes: attributesOf(raw) }
}
