import type { FC } from 'hono/jsx'
import { marked, type Token, type Tokens } from 'marked'

/**
 * Renders Markdown as JSX elements, which escape all text. Raw HTML is shown as text.
 * @param linkTo returns the target of a link, or of a path in code such as `/map`; undefined for none
 */
export const Markdown: FC<{ tokens: Token[]; linkTo: (href: string) => string | undefined }> = ({ tokens, linkTo }) => (
  <>
    {tokens.map((token) => (
      <MarkdownToken token={token} linkTo={linkTo} />
    ))}
  </>
)

/** Splits Markdown into its first heading and the tokens after it. */
export function parseMarkdown(text: string): { title: string; tokens: Token[] } {
  const tokens = marked.lexer(text)
  const index = tokens.findIndex(({ type }) => type === 'heading')
  return { title: (tokens[index] as Tokens.Heading | undefined)?.text ?? '', tokens: tokens.slice(index + 1) }
}

type LinkTo = (href: string) => string | undefined

const MarkdownToken: FC<{ token: Token; linkTo: LinkTo }> = ({ token, linkTo }) => {
  const children =
    'tokens' in token && token.tokens ? <Markdown tokens={token.tokens} linkTo={linkTo} /> : textOf(token)
  switch (token.type) {
    case 'space':
      return null
    case 'heading':
      return (token as Tokens.Heading).depth <= 2 ? <h2>{children}</h2> : <h3>{children}</h3>
    case 'paragraph':
      return <p>{children}</p>
    case 'strong':
      return <strong>{children}</strong>
    case 'em':
      return <em>{children}</em>
    case 'codespan': {
      const text = textOf(token)
      const href = text.startsWith('/') ? linkTo(text) : undefined
      return href === undefined ? <code>{text}</code> : <CodeLink href={href} text={text} />
    }
    case 'code':
      return (
        <pre>
          <code>{textOf(token)}</code>
        </pre>
      )
    case 'link': {
      const href = linkTo((token as Tokens.Link).href)
      return href === undefined ? children : <a href={href}>{children}</a>
    }
    case 'list': {
      const items = (token as Tokens.List).items.map((item) => (
        <li>
          <Markdown tokens={item.tokens} linkTo={linkTo} />
        </li>
      ))
      return (token as Tokens.List).ordered ? <ol>{items}</ol> : <ul>{items}</ul>
    }
    case 'table':
      return <Table table={token as Tokens.Table} linkTo={linkTo} />
    default:
      return children
  }
}

const CodeLink: FC<{ href: string; text: string }> = ({ href, text }) => (
  <a href={href}>
    <code>{text}</code>
  </a>
)

const Table: FC<{ table: Tokens.Table; linkTo: LinkTo }> = ({ table: { header, rows }, linkTo }) => (
  <table>
    <thead>
      <tr>
        {header.map(({ tokens }) => (
          <th scope="col">
            <Markdown tokens={tokens} linkTo={linkTo} />
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <tr>
          {row.map(({ tokens }) => (
            <td>
              <Markdown tokens={tokens} linkTo={linkTo} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
)

const textOf = (token: Token): string => ('text' in token ? token.text : token.raw)
