import { commonSettings, databaseDescription, type FieldBuilders } from '../../src/settings'

export const userSettings = (is: FieldBuilders) => ({
  ...commonSettings(is, 5001),
  DATABASE_URL: is.database('.data/user.sqlite').describe(databaseDescription),
})
