import { setImmediate } from 'node:timers/promises'
import { accountOf, added, sampleBot, sampleUuid } from '../../../src/lab/contracts/store-samples.ts'
import { FakeClock } from '../../../src/lab/fakes/fake-clock.ts'
import { createUrlGuard } from '../../../src/net/url-guard.ts'
import { MemoryStore } from '../../../src/store/memory-store.ts'
import type { BotRequest } from '../../../src/store/port.ts'
import type { Transport } from '../../../src/webhooks/attempt.ts'
import { WebhookSender, type WebhookSenderOptions } from '../../../src/webhooks/sender.ts'

/** One request as the receiver saw it. */
export interface Seen {
  url: string
  id: string
  body: string
  headers: Readonly<Record<string, string>>
  /** Milliseconds since the start. */
  atMs: number
}

type Answer = number | Error | Promise<number>

/** `url: null`: there is none for everybody. */
export type BedOptions = Partial<Omit<WebhookSenderOptions, 'url'>> & { url?: string | null }

/** A store in memory, a receiver that answers as told, and a clock of the test's own. */
export async function senderBed({ url = 'https://hooks.test/all', ...options }: BedOptions = {}) {
  const clock = new FakeClock()
  const store = new MemoryStore()
  const seen: Seen[] = []
  const logs: { level: string; message: string; fields: Record<string, unknown> }[] = []
  const log =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) =>
      void logs.push({ level, message, fields })
  const receiver = { answer: (_: Seen): Answer => 200 }
  const transport: Transport = {
    async request(url, { headers = {}, body = '', signal } = {}) {
      const said: Seen = { url, id: headers['webhook-id'] ?? '', body, headers, atMs: clock.elapsedMs }
      seen.push(said)
      const answer = receiver.answer(said)
      if (answer instanceof Error) throw answer
      const cut = new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }))
      return { status: await Promise.race([answer, cut]), headers: {}, body: Buffer.alloc(0) }
    },
    async close() {},
  }
  const accountId = await accountOf(store, 'the key')
  const make = (more: Partial<WebhookSenderOptions> = {}) =>
    new WebhookSender({
      ...{ store, clock, transport, guard: createUrlGuard(), random: () => 0.5, ...(url === null ? {} : { url }) },
      logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
      apiKeyOf: (id) => (id === accountId ? 'the key' : undefined),
      ...options,
      ...more,
    })
  return {
    ...{ clock, store, seen, logs, receiver, accountId, make },
    sender: make(),
    async bot(n: number, request: Partial<BotRequest> = {}) {
      await added(store, sampleBot(n, accountId, { request }))
    },
    /** Puts events into the bot's queue; `names` become what they are called. */
    async say(n: number, names: readonly string[], url?: string) {
      const deliveries = names.map((event) => ({ event, data: { n }, ...(url === undefined ? {} : { url }) }))
      await store.record(sampleUuid(n), { at: clock.now(), deliveries })
    },
    id: (n: number, sequence: number) => `${sampleUuid(n)}.${sequence}`,
    key: (n: number, sequence: number) => ({ botUuid: sampleUuid(n), sequence }),
    states: async (n: number) => (await store.outbox.of(sampleUuid(n))).map(({ state }) => state),
  }
}

/** Everything that can go on has gone on. */
export async function settled(): Promise<void> {
  for (let n = 0; n < 20; n++) await setImmediate()
}
