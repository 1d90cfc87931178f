import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import type { BotRecord } from '../src/store/port.ts'
import { sqliteStore } from '../src/store/sqlite.ts'
import { checkBot, lengthMs, workersIn } from './restart-checks.ts'
import { type PlannedBot, planned, seeded } from './restart-plan.ts'
import type { Answered, Question } from './restart-service.ts'
import { webhookReceiver } from './webhook-receiver.ts'

/**
 * kill -9 at random moments of many bots' lives, and a start on the same file after each. At the end everything must be as if
 * somebody had told the truth all along. Prints one JSON object; exit code 1 where something does not hold.
 */
const { values } = parseArgs({
  options: {
    bots: { type: 'string', default: '30' },
    kills: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
})
const [BOTS, KILLS, SEED] = [Number(values.bots), Number(values.kills), Number(values.seed)]
const KEY = 'torture'
/** Down for longer than this after its time, a bot is missed: short, so that both happen. */
const MISSED_AFTER_MS = 3_000
const SETTLE_MS = 120_000
const EXIT_MS = 10_000
/** More of a recording than this may not be lost to a kill. */
const MOST_LOST_MS = 5_000
/** A service that is up longest lives this long. */
const MOST_UP_MS = 4_000
const HERE = dirname(fileURLToPath(import.meta.url))
const SERVICE = join(HERE, '../.cache/restart-service.mjs')
await build({
  entryPoints: [join(HERE, 'restart-service.ts')],
  outfile: SERVICE,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
})

const random = seeded(SEED)
const dataDir = mkdtempSync(join(tmpdir(), 'remora-torture-'))
const hook = await webhookReceiver()
const beganAt = Date.now()
const bots = planned(BOTS, (KILLS * MOST_UP_MS) / 2, random)
/** When each bot is to join and to be called back, fixed when it is asked for first. */
const times = new Map<number, { startAt: number | null; leavesAt: number }>()
const uuids = new Map<number, string>()
const left = new Set<number>()
let upMs = 0
const killedAt: number[] = []
const violations: string[] = []

/** One life of the service. */
class Service {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (answered: Answered | undefined) => void>()
  readonly ready: Promise<unknown>
  #ids = 0

  constructor() {
    const options = JSON.stringify({ dataDir, hook: hook.url, key: KEY, missedAfterMs: MISSED_AFTER_MS })
    this.#child = spawn(process.execPath, [SERVICE, options], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.ready = new Promise((resolve) => this.#waiting.set(0, resolve))
    this.#child.on('message', (answered: Answered) => this.#waiting.get(answered.id)?.(answered))
    this.#child.once('exit', () => {
      for (const tell of this.#waiting.values()) tell(undefined)
    })
  }

  get dead(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Undefined: it died before it answered. */
  async ask(what: Question): Promise<Answered | undefined> {
    await this.ready
    if (this.dead) return undefined
    const id = ++this.#ids
    const answered = new Promise<Answered | undefined>((resolve) => this.#waiting.set(id, resolve))
    this.#child.send({ id, ...what }, () => {}) // its death is told by 'exit'
    return answered
  }

  /** It has ended by itself, as it was asked to. */
  async gone(): Promise<void> {
    if (!this.dead)
      await once(this.#child, 'exit', { signal: AbortSignal.timeout(EXIT_MS) }).catch(() => violations.push('it does not end'))
  }

  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit')
    if (!this.dead) this.#child.kill('SIGKILL')
    else violations.push(`the service ended by itself: ${this.#child.exitCode}`)
    if (!this.dead) await ended
  }
}

/** Asks for bots and calls them back as planned; what was not answered is asked again in the next life. */
async function drive(service: Service): Promise<void> {
  await service.ready
  const [upAt, upBefore] = [Date.now(), upMs]
  while (!service.dead) {
    const now = Date.now()
    upMs = upBefore + now - upAt
    for (const bot of bots) await carryOut(bot, service, now)
    if (uuids.size === BOTS && bots.every(({ n, leavesAfterMs }) => leavesAfterMs === undefined || left.has(n))) return
    await sleep(50)
  }
}

async function carryOut(bot: PlannedBot, service: Service, now: number): Promise<void> {
  const { n, askedAtMs, joinsAfterMs, leavesAfterMs = Number.POSITIVE_INFINITY } = bot
  if (askedAtMs > upMs) return
  const fixed = times.get(n) ?? { startAt: joinsAfterMs === undefined ? null : now + joinsAfterMs, leavesAt: now + leavesAfterMs }
  times.set(n, fixed)
  const uuid = uuids.get(n)
  if (uuid === undefined) {
    const answered = await service.ask({ create: bot, startAt: fixed.startAt })
    if (answered?.uuid !== undefined) uuids.set(n, answered.uuid)
  } else if (fixed.leavesAt <= now && !left.has(n) && (await service.ask({ leave: uuid })) !== undefined) left.add(n)
}

for (let nth = 0; nth < KILLS; nth++) {
  const service = new Service()
  void drive(service)
  // Sometimes in the middle of the start itself.
  if (random() > 0.15) await service.ready
  await sleep(50 + random() * MOST_UP_MS)
  killedAt.push(Date.now())
  await service.kill()
  if (random() < 0.2) await sleep(random() * 4_000) // nobody there for a while
}

const last = new Service()
await drive(last)
const settled = await (async () => {
  for (const until = Date.now() + SETTLE_MS; Date.now() < until && !last.dead; await sleep(200)) {
    if ((await last.ask({ state: true }))?.idle) return true
  }
  return false
})()
if (!settled) violations.push(`not settled within ${SETTLE_MS} ms after the last start`)
await last.ask({ stop: true })
await last.gone()
hook.close()

const store = sqliteStore({ path: join(dataDir, 'bots.db') })
await store.open()
const outputDir = join(dataDir, 'recordings')
const records: BotRecord[] = []
for (const uuid of uuids.values()) {
  const record = await store.get(uuid)
  if (record === undefined) violations.push(`${uuid} is gone`)
  else records.push(record)
}
const { running, waiting, ended } = await store.counts()
if (running + waiting > 0 || ended !== BOTS) violations.push(`${running} running, ${waiting} waiting, ${ended} ended of ${BOTS}`)
for (const record of records) violations.push(...(await checkBot(record, store, hook.receipts, outputDir)))
const strange = hook.receipts.filter(({ id, key }) => key !== KEY || !records.some(({ uuid }) => id.startsWith(`${uuid}.`)))
if (strange.length > 0) violations.push(`${strange.length} events of nobody`)
const workers = workersIn(dataDir)
if (workers > 0) violations.push(`${workers} programs still run`)
await store.close()

/** Media between the last of the file and the kill that ended it. */
const lostMs = records.flatMap(({ ending, recordingStartedAt, durationMs }) => {
  if (ending?.reason !== 'process_ended' || recordingStartedAt === null || durationMs === null) return []
  const end = recordingStartedAt + durationMs
  const kill = killedAt.find((at) => at >= end - 500)
  return kill === undefined ? [] : [Math.max(0, kill - end)]
})
const mostLostMs = Math.round(Math.max(0, ...lostMs))
if (mostLostMs > MOST_LOST_MS) violations.push(`${mostLostMs} ms of a recording were lost`)
const apartMs = records
  .filter(({ files }) => files.mp4 !== undefined)
  .map(({ files, durationMs }) => Math.abs(lengthMs(files.mp4) - (durationMs ?? 0)))
const outcomes: Record<string, number> = {}
for (const { ending } of records) {
  const word = /^Missed/.test(ending?.message ?? '') ? 'missed' : (ending?.reason ?? 'none')
  outcomes[word] = (outcomes[word] ?? 0) + 1
}
const ids = new Set(hook.receipts.map(({ id }) => id)).size
console.log(
  JSON.stringify({
    seed: SEED,
    bots: BOTS,
    kills: killedAt.length,
    seconds: Math.round((Date.now() - beganAt) / 1_000),
    outcomes,
    files: apartMs.length,
    recovered: lostMs.length,
    mostLostMs,
    mostApartMs: Math.round(Math.max(0, ...apartMs)),
    events: ids,
    receivedTwice: hook.receipts.length - ids,
    violations,
  }),
)
if (!values.keep) rmSync(dataDir, { recursive: true, force: true })
else console.error(dataDir)
process.exitCode = violations.length === 0 ? 0 : 1
