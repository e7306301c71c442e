import { createFormats } from '../formats'

export const formats = createFormats('fr-FR')
