import type { FC } from 'hono/jsx'

interface SelectFieldProps {
  label: string
  name: string
  /** The text of the option without a value. */
  all: string
  options: string[]
  chosen: string | undefined
}

/** A field of a filter with several options, or all. */
export const SelectField: FC<SelectFieldProps> = ({ label, name, all, options, chosen }) => (
  <label>
    {label}
    <select name={name}>
      <option value="">{all}</option>
      {options.map((option) => (
        <option value={option} selected={option === chosen}>
          {option}
        </option>
      ))}
    </select>
  </label>
)
