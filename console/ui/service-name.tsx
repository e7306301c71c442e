import type { FC } from 'hono/jsx'

const colors = 8

/** A program's name with its colour: the same wherever it is shown. */
export const ServiceName: FC<{ name: string }> = ({ name }) => (
  <span class={`service ${serviceColor(name)}`}>{name}</span>
)

/** `c0` – `c7`, by the name alone. */
export function serviceColor(service: string): string {
  let hash = 0
  for (const char of service) hash = (hash * 33 + char.charCodeAt(0)) % 65_521
  return `c${hash % colors}`
}
