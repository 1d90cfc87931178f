import { type ChatLine, collectionsMessage, type Device, type Wire } from './collections.ts'

/** What one visitor's `collections` channel says: the whole roster every time or, after the first time, what has changed. */
export class CollectionsFeed {
  readonly #wire: Wire
  readonly #changesOnly: boolean
  #connection: number | undefined
  /** Users and streams as they were told last, by device. */
  readonly #users = new Map<string, string>()
  readonly #streams = new Map<string, string>()

  constructor({ wire, changesOnly }: { wire: Wire; changesOnly: boolean }) {
    this.#wire = wire
    this.#changesOnly = changesOnly
  }

  /** The next message on a connection, each of which begins with everything; undefined = there is nothing to say. */
  message(devices: readonly Device[], chat: readonly ChatLine[], connection: number): Buffer | undefined {
    if (!this.#changesOnly) return collectionsMessage(devices, chat, this.#wire)
    if (connection !== this.#connection) {
      this.#connection = connection
      this.#users.clear()
      this.#streams.clear()
    }
    const users = changed(devices, this.#users, ({ name, host, status, self, parent }) => [name, host, status, self, parent])
    const streams = changed(devices, this.#streams, ({ status, csrc, muted, camera }) => [status, csrc, muted, camera])
    if (users.length + streams.length + chat.length === 0) return undefined
    return collectionsMessage(users, chat, this.#wire, streams)
  }
}

/** Those of whom something else was told last, which from now on is this. */
function changed(devices: readonly Device[], told: Map<string, string>, what: (device: Device) => unknown[]): Device[] {
  return devices.filter((device) => {
    const now = JSON.stringify(what(device))
    if (told.get(device.id) === now) return false
    told.set(device.id, now)
    return true
  })
}
