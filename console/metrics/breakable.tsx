import type { FC } from 'hono/jsx'

/** A long name that breaks where its parts begin, not inside of them. */
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
