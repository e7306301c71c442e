/** A body that says what is no OTLP. `message` says where, and what should be there: fit for the sender's eyes. */
export class Malformed extends Error {
  constructor(
    public where: string,
    public must: string,
  ) {
    super()
  }

  override get message(): string {
    return `${this.where || 'the body'} must be ${this.must}`
  }
}

/** Does the same with each item of a list; what is wrong inside is told with its place. */
export function each(from: object, name: string, read: (item: object) => void): void {
  const list = memberOf(from, name)
  if (list === undefined || list === null) return
  if (!Array.isArray(list)) throw new Malformed(name, 'a list')
  for (let index = 0; index < list.length; index++) {
    try {
      const item = list[index]
      if (!isObject(item)) throw new Malformed('', 'an object')
      read(item)
    } catch (error) {
      throw within(`${name}[${index}]`, error)
    }
  }
}

/** What `read` makes of a member that is an object; nothing where there is none. */
export function inside<T>(from: object, name: string, read: (member: object) => T): T | undefined {
  const member = memberOf(from, name)
  if (member === undefined || member === null) return undefined
  try {
    if (!isObject(member)) throw new Malformed('', 'an object')
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
  if (error instanceof Malformed) error.where = error.where ? `${place}.${error.where}` : place
  return error
}
