/** The service under torture: writes events into the store at argv[2] and sends them to argv[3] until all have arrived. */
import { createUrlGuard } from '../../src/net/url-guard.ts'
import { sqliteStore } from '../../src/store/sqlite.ts'
import { WebhookSender } from '../../src/webhooks/sender.ts'
import { API_KEY, eventOf, SECRET, SHORT_SCHEDULE, TIMEOUT_MS, uuidOf } from './plan.ts'

const [path = '', url = '', bots = '', each = ''] = process.argv.slice(2)
const store = sqliteStore({ path })
await store.open()
const sender = new WebhookSender({
  store,
  url,
  by: 'the-torture',
  guard: createUrlGuard({ allowPrivateUrls: true }),
  secrets: [SECRET],
  apiKeyOf: () => API_KEY,
  schedule: SHORT_SCHEDULE,
  timeoutMs: TIMEOUT_MS,
})
await sender.start()

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const numbers = Array.from({ length: Number(bots) }, (_, n) => n + 1)
// A process before this one may have been killed between any two of them.
const written = new Map(await Promise.all(numbers.map(async (n) => [n, (await store.outbox.of(uuidOf(n))).length] as const)))
for (let k = 1; k <= Number(each); k++) {
  for (const n of numbers) {
    if (k <= (written.get(n) ?? 0)) continue
    await store.record(uuidOf(n), { at: Date.now(), deliveries: [eventOf(n, k)] })
    sender.wake()
  }
  // Not all at once: kills are to meet events being written as well as being sent.
  while ((await store.outbox.pending()) > numbers.length * 4) await pause(5)
}
while ((await store.outbox.pending()) > 0) await pause(10)
await sender.stop()
await store.close()
