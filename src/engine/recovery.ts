import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from '../bot/ending.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { RecordedFiles } from '../media/recorder-port.ts'
import type { BotEnding, BotFact, BotRecord, BotStore, HistoryEntry } from '../store/port.ts'
import { endingFact, isEndReason, isErrorCode, responsibleFor, statusFact } from './facts.ts'
import { Journal } from './journal.ts'
import type { Keeping } from './keeping.ts'
import { keptFor } from './kept-for.ts'
import { quiet } from './leftovers.ts'
import { recordedPatch } from './recorded-patch.ts'

const TRIES = 3
const AGAIN_MS = 2_000

/** What recovery needs. */
export interface RecoveryParts {
  store: BotStore
  clock: Clock
  logger: Logger
  keeping: Keeping
  by: string
  outputDir: string
  /** Finishes what was recorded in a folder; undefined where nothing was. May be repeated. */
  recover(dir: string): Promise<RecordedFiles | undefined>
  /** Something new is in the outbox. */
  onSaid(): void
}

/** Brings a bot a dead process left behind to a truthful end: its files finished, its last event sent, nothing said twice. */
export async function bringToItsEnd(parts: RecoveryParts, bot: BotRecord, signal: AbortSignal): Promise<void> {
  const { store, clock, logger, keeping, by, outputDir, onSaid } = parts
  const dir = join(outputDir, bot.uuid)
  await quiet(dir, clock)
  const files = await finished(parts, dir, bot)
  signal.throwIfAborted()
  const history = await store.history(bot.uuid)
  const out = history.find(({ status }) => status === 'call_ended')
  const ending = endingOf(bot, out, (files?.durationMs ?? 0) > 0)
  const patch = recordedPatch(dir, files)
  const journal = new Journal({ store, clock, logger, by, onSaid, uuid: bot.uuid, onLost: () => {} })
  const stop = () => journal.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    const exitedAt = bot.exitedAt ?? (files === undefined ? null : files.startedAt + files.durationMs)
    const comesOut = out === undefined && ending.outcome === 'completed'
    if (comesOut) journal.write(callEnded(bot, ending, clock.now(), exitedAt))
    const ended = { ...bot, ...patch, exitedAt }
    const { links, keepAt } = await keptFor(ending, ended, { keeping, clock, signal })
    const details = { at: clock.now(), patch: { ...patch, keepAt }, links, screenshot: null, isOut: comesOut || out !== undefined }
    journal.write(endingFact(ended, ending, details))
    await journal.settled()
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** A bot that was due while nobody was there, and is too late now. */
export function missedFact(bot: BotRecord, now: number): BotFact {
  const lateMinutes = Math.round((now - bot.joinAt) / 60_000)
  const message = `Missed: the service was not running when the bot was due, and came back ${lateMinutes} minutes late`
  const ending: BotEnding = { outcome: 'failed', reason: 'PROCESS_ENDED', responsible: 'us', truncated: false, message }
  return endingFact(bot, ending, { at: now, patch: {}, links: { mp4: '', audio: '' }, screenshot: null, isOut: false })
}

/** Its folder is on another machine, or the kill came before the first second was on disk. */
const LOST = 'nothing of its recording is found here'

/** The first reason said counts: one that had left before the process died left for that reason. */
function endingOf(bot: BotRecord, out: HistoryEntry | undefined, recorded: boolean): BotEnding {
  const said = out?.reason ?? ''
  const reason = isEndReason(said) || isErrorCode(said) ? said : 'process_ended'
  const verdict = judge({ reason }, recorded)
  const failed = verdict.outcome === 'failed'
  return {
    outcome: verdict.outcome,
    reason: verdict.reason,
    responsible: responsibleFor(verdict.reason),
    truncated: verdict.truncated === true,
    message: failed ? `The process that ran the bot ended; ${bot.recordingStartedAt === null ? 'nothing had been recorded' : LOST}` : null,
  }
}

function callEnded(bot: BotRecord, { reason, responsible }: BotEnding, at: number, exitedAt: number | null): BotFact {
  const fact = statusFact(bot, { from: bot.status, to: 'call_ended', at, reason, responsible })
  return exitedAt === null ? fact : { ...fact, patch: { ...fact.patch, exitedAt } }
}

/** Tries again what may be a full disk for a moment; in the end, says what cannot be finished and goes on with what is there. */
async function finished({ recover, clock, logger }: RecoveryParts, dir: string, bot: BotRecord): Promise<RecordedFiles | undefined> {
  for (let tried = 1; ; tried++) {
    try {
      return await recover(dir)
    } catch (error) {
      logger.error('a recording could not be finished', { bot: bot.uuid, dir, tried, error: String(error) })
      if (tried === TRIES) break
      await clock.after(AGAIN_MS)
    }
  }
  const pcm = join(dir, 'audio.pcm')
  if (!existsSync(pcm) || bot.recordingStartedAt === null) return undefined
  const { recordingStartedAt: startedAt, statusAt } = bot
  return { pcm, startedAt, durationMs: Math.max(1, (bot.durationMs ?? 0) || statusAt - startedAt), gaps: [] }
}
