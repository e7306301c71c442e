import { DomainError } from '../../src/problem'

/** The names and address of a user, which must not be in the password. */
export interface PasswordOwner {
  username: string
  email: string
}

/**
 * Refuses a password that a guesser tries first: one of the commonest (also with other case, or with a few digits or signs
 * around it), one character or sequence repeated, or one with the person's own names in it.
 * @throws DomainError `PASSWORD_TOO_COMMON`, `PASSWORD_CONTAINS_NAME`, with the field in `errors`
 */
export async function refuseCommonPassword(
  password: string,
  { username, email }: PasswordOwner,
  field = 'password',
): Promise<void> {
  const text = password.normalize('NFKC').toLowerCase()
  const address = email.slice(0, email.indexOf('@'))
  if ([username, address].some((name) => name.length >= minNameLength && text.includes(name))) {
    throw refused('PASSWORD_CONTAINS_NAME', field, 'must not contain the username or the e-mail address')
  }
  if (isRegular(text) || (await isCommon(text))) {
    throw refused('PASSWORD_TOO_COMMON', field, 'is one of the commonest passwords')
  }
}

const minNameLength = 3
// More digits or signs than these are no common ending of a password.
const maxAffixLength = 4

async function isCommon(text: string): Promise<boolean> {
  const common = await commonPasswords()
  const [, prefix = '', word = '', suffix = ''] = /^([^\p{L}]*)(.*?)([^\p{L}]*)$/su.exec(text) ?? []
  const isDecorated = prefix.length <= maxAffixLength && suffix.length <= maxAffixLength
  return common.has(text) || (isDecorated && (common.has(word) || word === shopName))
}

const shopName = 'vitrine'

/** Whether each character repeats or continues the ones before it: `00000000`, `abababab`, `23456789`, `hgfedcba`. */
function isRegular(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0)
  const step = (codes[1] ?? 0) - (codes[0] ?? 0)
  const isSequence = Math.abs(step) <= 1 && codes.every((code, n) => n === 0 || code - (codes[n - 1] ?? 0) === step)
  return isSequence || /^(.{1,3}?)\1+$/su.test(text)
}

let loaded: Promise<ReadonlySet<string>> | undefined

// Read at the first registration, and not as a module, which would stay in memory as text and as an array too.
function commonPasswords(): Promise<ReadonlySet<string>> {
  loaded ??= readCommonPasswords().catch((error) => {
    loaded = undefined
    throw error
  })
  return loaded
}

async function readCommonPasswords(): Promise<ReadonlySet<string>> {
  const path = Bun.fileURLToPath(import.meta.resolve('@zxcvbn-ts/language-common/src/passwords.json'))
  const list: unknown[] = await Bun.file(path).json()
  return new Set(list.map(String).filter((text) => text.length >= minWordLength))
}

const minWordLength = 4

const refused = (code: string, field: string, detail: string) =>
  new DomainError(code, { errors: [{ in: 'json', field, detail }] })
