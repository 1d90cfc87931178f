import type { Logger } from '../core/logger.ts'
import type { BotStore, Delivery } from '../store/port.ts'

/** What decides where an event goes. */
export interface DestinationOptions {
  store: Pick<BotStore, 'get' | 'accountById'>
  /** For bots and accounts that have no place of their own. */
  url?: string | undefined
  /** The key of an account; undefined if it is not known any more. */
  apiKeyOf?: ((accountId: number) => string | undefined) | undefined
  /** Puts that key into the contract's header. */
  sendApiKey: boolean
  logger: Logger
}

/** Where an event goes and with which key. */
export interface Destination {
  url: string
  apiKey: string | undefined
}

/** The event's own place, else its bot's, else its account's, else everybody's. Looked up anew for every attempt. */
export class Destinations {
  readonly #options: DestinationOptions
  readonly #warnedOf = new Set<string>()

  constructor(options: DestinationOptions) {
    this.#options = options
  }

  /** Undefined if nobody wants it. */
  async of({ url, botUuid, accountId }: Delivery): Promise<Destination | undefined> {
    const to = url ?? (await this.#ownOf(botUuid)) ?? (await this.#accountsOf(accountId)) ?? this.#options.url
    return to === undefined ? undefined : { url: to, apiKey: this.#keyFor(accountId, to) }
  }

  async #ownOf(botUuid: string): Promise<string | undefined> {
    return (await this.#options.store.get(botUuid))?.request.webhookUrl ?? undefined
  }

  async #accountsOf(accountId: number): Promise<string | undefined> {
    return (await this.#options.store.accountById(accountId))?.webhookUrl ?? undefined
  }

  #keyFor(accountId: number, to: string): string | undefined {
    const { sendApiKey, apiKeyOf, logger } = this.#options
    const key = sendApiKey ? apiKeyOf?.(accountId) : undefined
    const { protocol, origin } = URL.canParse(to) ? new URL(to) : { protocol: '', origin: '' }
    if (key !== undefined && protocol === 'http:' && !this.#warnedOf.has(origin)) {
      this.#warnedOf.add(origin)
      logger.warn('the API key is sent over plain http: everybody on the way can read it', { code: 'insecure_option', origin })
    }
    return key
  }
}
