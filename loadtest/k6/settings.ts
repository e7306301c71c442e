import { readSettings } from '../settings.ts'

export const settings = readSettings(__ENV)
