import type { FC } from 'hono/jsx'

const colorCount = 8

/** The name of a service with its color, which is the same on all pages. */
export const ServiceName: FC<{ name: string }> = ({ name }) => (
  <span class={`service ${serviceColor(name)}`}>{name}</span>
)

/** `c0` – `c7`, from a hash of the name. */
export function serviceColor(service: string): string {
  let hash = 0
  for (const char of service) hash = (hash * 33 + char.charCodeAt(0)) % 65_521
  return `c${hash % colorCount}`
}
