import { z } from 'zod'

const username = z
  .string()
  .normalize('NFKC')
  .trim()
  .toLowerCase()
  .min(3)
  .max(32)
  .regex(/^[\p{L}\p{N}._-]+$/u, 'only letters, digits, dots, dashes and underscores')
const name = z.string().trim().min(1).max(100)

/** A password that a person chooses. `refuseCommonPassword` has further rules. */
export const newPassword = z.string().min(8).max(128)

/** A registration, or an administrator of the command. */
export const newUser = z.object({
  username,
  email: z.string().trim().toLowerCase().max(254).pipe(z.email()),
  password: newPassword,
  first_name: name,
  last_name: name,
})

export type NewUser = z.infer<typeof newUser>
