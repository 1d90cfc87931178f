import { createHmac, timingSafeEqual } from 'node:crypto'
import { BotError } from '../core/errors.ts'

/** The last fixed part of every link; what follows is the key. */
const FILES = 'files'
const PATH = new RegExp(`/${FILES}/([0-9a-f-]{36}/.+)$`, 'i')

/** Makes and reads links that only who knows a secret can make, each for one file and until one moment. */
export class SignedLinks {
  readonly #secrets: readonly string[]

  /** The first secret signs, every one is believed. Throws `CONFIG_INVALID` for one that could be guessed. */
  constructor(secrets: readonly string[]) {
    const allowed = 'one or more secrets of 16 characters at least'
    if (secrets.length === 0 || secrets.some((secret) => secret.length < 16)) {
      throw new BotError('CONFIG_INVALID', `secret: not allowed; allowed: ${allowed}`, {
        details: { field: 'secret', value: '(hidden)', allowed },
      })
    }
    this.#secrets = [...secrets]
  }

  /** `expiresAt` in Unix milliseconds; the link has whole seconds. */
  make(baseUrl: string, { key, expiresAt }: { key: string; expiresAt: number }): string {
    const [secret = ''] = this.#secrets
    const expires = String(Math.floor(expiresAt / 1_000))
    const path = key.split('/').map(encodeURIComponent).join('/')
    const query = new URLSearchParams({ expires, signature: signatureOf(secret, key, expires) })
    return `${baseUrl.replace(/\/+$/, '')}/${FILES}/${path}?${query}`
  }

  /** The key of a link, under whatever path it is mounted; undefined for any other URL. */
  keyOf(url: URL): string | undefined {
    const [, path] = PATH.exec(url.pathname) ?? []
    if (path === undefined) return undefined
    try {
      return path.split('/').map(decodeURIComponent).join('/')
    } catch {
      // Broken escapes: no link of ours, and signed by nobody.
      return path
    }
  }

  /** Whether the link is one of ours and still good. Takes the same time for every wrong signature. */
  isGood(url: URL, { key, now }: { key: string; now: number }): boolean {
    const expires = url.searchParams.get('expires') ?? ''
    // Compared as text: other spellings of the same bytes are none of ours.
    const given = Buffer.from(url.searchParams.get('signature') ?? '')
    let signed = false
    for (const secret of this.#secrets) {
      const expected = Buffer.from(signatureOf(secret, key, expires))
      // Every secret is tried, whichever fits.
      signed = (given.length === expected.length && timingSafeEqual(given, expected)) || signed
    }
    return signed && now < Number(expires) * 1_000
  }
}

function signatureOf(secret: string, key: string, expires: string): string {
  return createHmac('sha256', secret).update(`${expires}\n${key}`).digest('base64url')
}
