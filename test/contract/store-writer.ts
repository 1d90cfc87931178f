import { writeSync } from 'node:fs'
import { accountOf, LEFT, NOON, sampleBot } from '../../src/lab/contracts/store-samples.ts'
import { sqliteStore } from '../../src/store.ts'

/**
 * Writes bots for as long as it lives, for tests that kill it: `tsx store-writer.ts <path> <first number>`. Each line it
 * says was acknowledged before: `<number> created`, `<number> step <n>`, `<number> sent <n>`, `<number> ended`.
 */
const [path = '', first = '1'] = process.argv.slice(2)
const store = sqliteStore({ path })
await store.open()
const accountId = await accountOf(store)
// Not through a stream: what was said must have left this process.
const say = (line: string): number => writeSync(1, `${line}\n`)

for (let n = Number(first); ; n += 1) {
  const { uuid } = sampleBot(n, accountId)
  await store.create(sampleBot(n, accountId, { request: { extra: { n, blob: 'x'.repeat(5_000) } } }))
  say(`${n} created`)
  for (let step = 1; step <= 3; step += 1) {
    const history = { status: 'joining_call', reason: `step ${step}`, responsible: null, screenshot: null } as const
    await store.record(uuid, { at: NOON + step, history, patch: { durationMs: step }, deliveries: [{ event: 'step', data: { step } }] })
    say(`${n} step ${step}`)
    await store.outbox.settle(
      { botUuid: uuid, sequence: step },
      { at: NOON, durationMs: 1, status: 200, error: null },
      { state: 'delivered' },
    )
    say(`${n} sent ${step}`)
  }
  await store.record(uuid, { at: NOON + 9, ending: LEFT })
  say(`${n} ended`)
}
