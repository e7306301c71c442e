import type { FC } from 'hono/jsx'
import { useMessages } from '../messages/messages'

export interface StepperProps {
  quantity: number
  max: number
  id?: string
  label?: string
}

/** A field for a quantity. With JavaScript it has buttons for one less and one more. */
export const Stepper: FC<StepperProps> = ({ quantity, max, id, label }) => {
  const { oneLess, oneMore } = useMessages().catalog
  return (
    <span class="stepper">
      <button type="button" data-step="-1" aria-label={oneLess}>
        −
      </button>
      <input
        id={id}
        class="quantity"
        type="number"
        name="quantity"
        value={quantity}
        min="1"
        max={max}
        inputmode="numeric"
        autocomplete="off"
        required
        aria-label={label}
      />
      <button type="button" data-step="1" aria-label={oneMore}>
        +
      </button>
    </span>
  )
}
