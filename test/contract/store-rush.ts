import { once } from 'node:events'
import { accountOf, NOON, sampleBot } from '../../src/lab/contracts/store-samples.ts'
import { postgresStore, sqliteStore } from '../../src/store.ts'

/**
 * One of several processes that want the same bot: `tsx store-rush.ts sqlite|postgres <where> <first number>`. Says `ready`,
 * waits for any input, opens the store, asks for 50 bots that are the same by deduplication and says how many it got.
 */
const [kind, where = '', first = '1'] = process.argv.slice(2)
const store = kind === 'postgres' ? postgresStore({ connectionString: where }) : sqliteStore({ path: where })
console.log('ready')
await once(process.stdin, 'data')
process.stdin.destroy()
await store.open()
const accountId = await accountOf(store)
const bots = Array.from({ length: 50 }, (_, index) => sampleBot(Number(first) + index, accountId, { joinAt: NOON }))
const creations = await Promise.all(bots.map((bot) => store.create(bot, { dedupe: { withinMs: 300_000 } })))
console.log(creations.filter(({ created }) => created).length)
await store.close()
