import type { FC } from 'hono/jsx'
import { type Messages, useMessages } from '../messages/messages'

export type FieldName = keyof Messages['account']['fields']

export interface FieldProps {
  name: FieldName
  type?: 'text' | 'email' | 'password'
  autocomplete: string
  /** The value of the previous submit; never a password. */
  value?: string | undefined
  error?: string | undefined
  hint?: string
  minlength?: number
  maxlength: number
  autofocus?: boolean
}

/** An input with its label, hint and error. */
export const Field: FC<FieldProps> = ({ name, type = 'text', value, error, hint, ...rest }) => {
  const hintId = `${name}-aide`
  const errorId = `${name}-erreur`
  const describedBy = [error && errorId, hint && hintId].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={name}>{useMessages().account.fields[name]}</label>
      <input
        id={name}
        name={name}
        type={type}
        value={type === 'password' ? undefined : value}
        required
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={describedBy || undefined}
        {...(name === 'username' && { autocapitalize: 'none', spellcheck: false })}
        {...rest}
      />
      {error && (
        <p class="error" id={errorId}>
          {error}
        </p>
      )}
      {hint && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  )
}
