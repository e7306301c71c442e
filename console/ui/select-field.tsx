import type { FC } from 'hono/jsx'

interface ChoiceProps {
  label: string
  name: string
  /** What stands for no choice. */
  all: string
  options: string[]
  chosen: string | undefined
}

/** A field of a filter: one of several, or all. */
export const SelectField: FC<ChoiceProps> = ({ label, name, all, options, chosen }) => (
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
