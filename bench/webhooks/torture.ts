import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { accountOf, sampleRequest } from '../../src/lab/contracts/store-samples.ts'
import type { BotStore } from '../../src/store/port.ts'
import { sqliteStore } from '../../src/store/sqlite.ts'
import { eventOf, seeded, type TorturePlan, uuidOf } from './plan.ts'
import { Receiver } from './receiver.ts'

/** What a run showed. It was good if there are no violations. */
export interface TortureReport extends TorturePlan {
  seconds: number
  /** Kills done, and how often the sender was started. */
  killed: number
  starts: number
  requests: number
  duplicates: number
  answers: Readonly<Record<string, number>>
  /** Attempts in the store's log; what a kill cut off is not in it. */
  attempts: number
  violations: readonly string[]
}

const SENDER = join(dirname(fileURLToPath(import.meta.url)), 'sender.ts')

/** Sends events with a sender that is killed at seeded moments, to a receiver that fails in every way, and counts what is wrong. */
export async function tortureWebhooks(plan: TorturePlan): Promise<TortureReport> {
  const { bots, kills, seed, deadlineMs } = plan
  const each = Math.floor(plan.events / bots)
  const startedAt = Date.now()
  const dir = await mkdtemp(join(tmpdir(), 'remora-torture-'))
  const path = join(dir, 'bots.db')
  let sender: ChildProcess | undefined
  const receiver = new Receiver({ seed, moments: momentsOf(plan), onKill: () => sender?.kill('SIGKILL') })
  const url = await receiver.listen()
  const counts = { killed: 0, starts: 0 }
  const late = new AbortController()
  const deadline = setTimeout(() => {
    late.abort()
    sender?.kill('SIGKILL')
  }, deadlineMs)
  try {
    await inStore(path, (store) => addBots(store, bots))
    for (let over = false; !over && !late.signal.aborted; ) {
      const child = spawn(process.execPath, ['--import', 'tsx', SENDER, path, url, String(bots), String(each)], {
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      sender = child
      counts.starts++
      const [code, signal] = await once(child, 'exit')
      over = code === 0
      if (signal === 'SIGKILL') counts.killed++
      else if (code !== 0) throw new Error(`the sender ended with ${code ?? signal}`)
    }
    const { attempts, violations } = await inStore(path, (store) => judged(store, { bots, each, receiver }))
    if (late.signal.aborted) violations.push(`not done within ${deadlineMs} ms`)
    if (!late.signal.aborted && counts.killed !== kills) violations.push(`killed ${counts.killed} times, not ${kills}`)
    const { requests, duplicates, answers } = receiver
    const seconds = (Date.now() - startedAt) / 1_000
    return { ...plan, seconds, ...counts, requests, duplicates, answers, attempts, violations: [...receiver.violations, ...violations] }
  } finally {
    clearTimeout(deadline)
    sender?.kill('SIGKILL')
    await receiver.close()
    await rm(dir, { recursive: true, force: true })
  }
}

/** Kills spread over the run, each at a random request of its share; every request comes at least once. */
function momentsOf({ events, kills, seed }: TorturePlan) {
  const random = seeded(seed + 1)
  const share = Math.floor(events / (kills + 1))
  return Array.from({ length: kills }, (_, n) => ({
    request: share * n + 1 + Math.floor(random() * share),
    when: random() < 0.5 ? ('before' as const) : ('after' as const),
  }))
}

async function inStore<T>(path: string, work: (store: BotStore) => Promise<T>): Promise<T> {
  const store = sqliteStore({ path })
  await store.open()
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function addBots(store: BotStore, bots: number): Promise<void> {
  const accountId = await accountOf(store)
  const now = Date.now()
  for (let n = 1; n <= bots; n++) {
    await store.create({
      uuid: uuidOf(n),
      accountId,
      request: sampleRequest(),
      meetingKey: `meet:${n}`,
      eventUuid: null,
      createdAt: now,
      joinAt: now,
    })
  }
}

/** Everything written is delivered in the store, and was taken by the receiver. */
async function judged(store: BotStore, { bots, each, receiver }: { bots: number; each: number; receiver: Receiver }) {
  const violations: string[] = []
  let attempts = 0
  for (let n = 1; n <= bots; n++) {
    const all = await store.outbox.of(uuidOf(n))
    attempts += all.reduce((sum, delivery) => sum + delivery.attempts, 0)
    if (all.length !== each) violations.push(`bot ${n} has ${all.length} events, not ${each}`)
    for (const { sequence, state, data } of all) {
      if (state !== 'delivered') violations.push(`${uuidOf(n)}.${sequence} is ${state}`)
      if (!receiver.has(uuidOf(n), sequence)) violations.push(`${uuidOf(n)}.${sequence} is missing`)
      if (JSON.stringify(data) !== JSON.stringify(eventOf(n, sequence).data))
        violations.push(`${uuidOf(n)}.${sequence} was changed by the store`)
    }
  }
  return { attempts, violations }
}
