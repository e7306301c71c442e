import type { FC } from 'hono/jsx'
import { productImages } from '../../images'
import { Failure, type FormState, firstWrong } from '../account/forms'
import { useMessages } from '../messages/messages'
import { Field } from '../ui/field'

const fields = ['name', 'description', 'price', 'stock', 'slug', 'image'] as const

/** The form of a new product, or of an existing one: that has its stock and its address elsewhere. */
export const ProductForm: FC<{ action: string; isNew: boolean; state: FormState }> = ({
  action,
  isNew,
  state: { values = {}, errors = {}, failure },
}) => {
  const { admin: texts } = useMessages()
  const focused = firstWrong(errors, fields)
  const of = (name: Exclude<(typeof fields)[number], 'image'>) => ({
    name,
    label: texts.fields[name],
    value: values[name],
    error: errors[name],
    autofocus: focused === name,
  })
  return (
    <form class="card" method="post" action={action} novalidate>
      {failure && <Failure {...failure} />}
      {values.before && <input type="hidden" name="before" value={values.before} />}
      <Field {...of('name')} maxlength={120} autocomplete="off" />
      <Field {...of('description')} rows={5} maxlength={2000} />
      <Field {...of('price')} inputmode="decimal" maxlength={20} autocomplete="off" hint={texts.hints.price} />
      {isNew && (
        <>
          <Field {...of('stock')} inputmode="numeric" maxlength={7} autocomplete="off" />
          <Field {...of('slug')} maxlength={80} autocomplete="off" required={false} hint={texts.hints.slug} />
        </>
      )}
      <PictureChoice chosen={values.image} error={errors.image} />
      <button class="button" type="submit">
        {isNew ? texts.create : texts.save}
      </button>
    </form>
  )
}

const PictureChoice: FC<{ chosen: string | undefined; error: string | undefined }> = ({ chosen, error }) => {
  const { admin: texts } = useMessages()
  return (
    <fieldset class="pictures-choice" aria-describedby={error && 'image-erreur'}>
      <legend>{texts.fields.image}</legend>
      {error && (
        <p class="error" id="image-erreur">
          {error}
        </p>
      )}
      {productImages.map((image) => (
        <label>
          <input type="radio" name="image" value={image} checked={image === chosen} />
          <img src={image} alt={nameOf(image)} width="96" height="96" loading="lazy" />
        </label>
      ))}
    </fieldset>
  )
}

// `/images/laptop-pro.svg` is "laptop pro".
const nameOf = (image: string) => image.replace(/^.*\/|\.\w+$/g, '').replaceAll('-', ' ')
