import { BotError } from '../core/errors.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** A name that means the same on every system, in a URL and as an object key. */
const PART = /^[\p{L}\p{N}_-][\p{L}\p{N} ._-]{0,199}$/u

/** Whether this is `<bot uuid>/<file name>`, or deeper, and nothing that could lead elsewhere. */
export function isKey(key: string): boolean {
  const [uuid = '', ...names] = key.split('/')
  return UUID.test(uuid) && names.length > 0 && names.every((name) => PART.test(name))
}

/** Throws `CONFIG_INVALID` for a key that is none. */
export function checkKey(key: string): string {
  if (isKey(key)) return key
  throw refused('key', key, '"<bot uuid>/<file name>" of letters, digits, blanks, ".", "_", "-"')
}

/** Throws `CONFIG_INVALID` for what is no bot's uuid: everything below it would be removed. */
export function checkUuid(uuid: string): string {
  if (UUID.test(uuid)) return uuid
  throw refused('botUuid', uuid, 'the uuid of a bot')
}

/** The name it is saved under. */
export function fileNameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

function refused(field: string, value: string, allowed: string): BotError {
  return new BotError('CONFIG_INVALID', `${field}: ${JSON.stringify(value)} is not allowed; allowed: ${allowed}`, {
    details: { field, value, allowed },
  })
}

/** Key of one of a bot's files: its id, then where it is below its folder. */
export function artifactKey(uuid: string, path: string): string {
  const parts = path.split(/[\\/]/)
  const folder = parts.lastIndexOf(uuid)
  return [uuid, ...parts.slice(folder === -1 ? -1 : folder + 1)].join('/')
}
