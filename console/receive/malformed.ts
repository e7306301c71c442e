/** A body that says what is no OTLP. `message` says where, and what should be there: fit for the sender's eyes. */
export class MalformedError extends Error {
  constructor(
    public path: string,
    public expected: string,
  ) {
    super()
  }

  override get message(): string {
    return `${this.path || 'the body'} must be ${this.expected}`
  }
}

/** Does the same with each item of a list; what is wrong inside is told with its place. */
export function readList(from: object, name: string, read: (item: object) => void): void {
  const list = memberOf(from, name)
  if (list === undefined || list === null) return
  if (!Array.isArray(list)) throw new MalformedError(name, 'a list')
  for (let index = 0; index < list.length; index++) {
    try {
      const item = list[index]
      if (!isObject(item)) throw new MalformedError('', 'an object')
      read(item)
    } catch (error) {
      throw within(`${name}[${index}]`, error)
    }
  }
}

/** What `read` makes of a member that is an object; nothing where there is none. */
export function readObject<T>(from: object, name: string, read: (member: object) => T): T | undefined {
  const member = memberOf(from, name)
  if (member === undefined || member === null) return undefined
  try {
    if (!isObject(member)) throw new MalformedError('', 'an object')
    return read(member)
  } catch (error) {
    throw within(name, error)
  }
}

/** A member that was sent: messages of protobuf inherit the zeros of what was not. */
export const memberOf = (from: object, name: string): unknown =>
  Object.hasOwn(from, name) ? (from as Record<string, unknown>)[name] : undefined

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function within(place: string, error: unknown): unknown {
  if (error instanceof MalformedError) error.path = error.path ? `${place}.${error.path}` : place
  return error
}
