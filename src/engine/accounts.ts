import { createHash, timingSafeEqual } from 'node:crypto'
import { BotError } from '../core/errors.ts'
import type { BotStore } from '../store/port.ts'

/** The API keys of an engine and the accounts they are in the store. Keys live in memory only. */
export class Accounts {
  readonly #keys: readonly { key: string; digest: Buffer }[]
  readonly #idOf = new Map<string, number>()
  readonly #keyOf = new Map<number, string>()

  /** Throws `CONFIG_INVALID` if there is no key, or an empty one. */
  constructor(apiKeys: readonly string[]) {
    if (apiKeys.length === 0 || apiKeys.some((key) => key.trim() === '')) {
      throw new BotError('CONFIG_INVALID', 'apiKeys: at least one key is needed, and none may be empty', {
        details: { field: 'apiKeys', value: '(hidden)', allowed: 'one or more non-empty keys' },
      })
    }
    this.#keys = [...new Set(apiKeys)].map((key) => ({ key, digest: digestOf(key) }))
  }

  /** Makes the accounts of all keys, so that an event of an earlier run finds its key again. */
  async open(store: BotStore): Promise<void> {
    for (const { key, digest } of this.#keys) {
      const { id } = await store.account(digest.toString('hex'))
      this.#idOf.set(key, id)
      this.#keyOf.set(id, key)
    }
  }

  /** Looks at every key, whichever fits: a wrong one takes as long as any other. */
  idOf(presented: string): number | undefined {
    const digest = digestOf(presented)
    let found: number | undefined
    for (const { key, digest: known } of this.#keys) if (timingSafeEqual(digest, known)) found = this.#idOf.get(key)
    return found
  }

  /** The key of an account, for the header of its events; undefined for the account of a key that was taken away. */
  keyOf(accountId: number): string | undefined {
    return this.#keyOf.get(accountId)
  }
}

const digestOf = (key: string) => createHash('sha256').update(key).digest()
