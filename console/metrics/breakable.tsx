import type { FC } from 'hono/jsx'

/** A long name that can break before each of its parts. */
export const Breakable: FC<{ text: string }> = ({ text }) => (
  <>
    {text.split(/(?<=[._])|(?=[/])/).map((part) => (
      <>
        <wbr />
        {part}
      </>
    ))}
  </>
)
