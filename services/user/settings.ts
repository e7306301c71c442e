import { commonSettings, databaseDescription, type FieldBuilders } from '../../src/settings'

export const userSettings = (field: FieldBuilders) => ({
  ...commonSettings(field, 5001),
  DATABASE_URL: field.database('.data/user.sqlite').describe(databaseDescription),
})
