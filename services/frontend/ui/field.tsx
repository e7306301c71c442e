import type { FC } from 'hono/jsx'

export interface FieldProps {
  name: string
  label: string
  type?: 'text' | 'email' | 'password' | 'number'
  autocomplete?: string
  inputmode?: 'numeric' | 'decimal'
  /** The value of the previous submit; never a password. */
  value?: string | number | undefined
  error?: string | undefined
  hint?: string | undefined
  minlength?: number
  maxlength?: number
  autofocus?: boolean
  /** `false` for a field that may stay empty. */
  required?: boolean
  /** A text of several lines. */
  rows?: number
}

/** An input with its label, and its hint or what is wrong with it. */
export const Field: FC<FieldProps> = ({ name, label, type = 'text', value, error, hint, rows, ...rest }) => {
  const errorId = `${name}-erreur`
  const hintId = `${name}-aide`
  const attributes = {
    id: name,
    name,
    required: true,
    'aria-invalid': error ? ('true' as const) : undefined,
    'aria-describedby': error ? errorId : hint && hintId,
    ...(name === 'username' && { autocapitalize: 'none' as const, spellcheck: false }),
    ...rest,
  }
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {rows ? (
        <textarea rows={rows} {...attributes}>
          {value}
        </textarea>
      ) : (
        <input type={type} value={type === 'password' ? undefined : value} {...attributes} />
      )}
      {error ? (
        <p class="error" id={errorId}>
          {error}
        </p>
      ) : (
        hint && (
          <p class="hint" id={hintId}>
            {hint}
          </p>
        )
      )}
    </div>
  )
}
