import type { ResolvedBotConfig } from '../config/bot-config.ts'
import type { BotEvents } from '../core/events.ts'
import type { Lifecycle } from '../core/lifecycle.ts'
import type { WarningCode } from '../core/outcomes.ts'
import type { Scope } from '../core/scope.ts'
import type { AudioFeed } from '../media/audio-feed.ts'
import type { BotParts } from './parts.ts'

/** One bot as its rooms share it. */
export interface BotLife {
  readonly id: string
  readonly config: ResolvedBotConfig
  readonly parts: BotParts
  readonly lifecycle: Lifecycle
  /** Everything opened is owned here and closed backwards. */
  readonly scope: Scope
  /** Folder of this bot's files. */
  readonly dir: string
  /** Aborted when the caller wants the bot out, at any time. */
  readonly leave: AbortSignal
  /** Feeds `audio()`; given frames only from the commit on. */
  readonly audio: AudioFeed
  emit<K extends keyof BotEvents>(event: K, ...args: BotEvents[K]): void
  warn(code: WarningCode, message: string, details?: Record<string, unknown>): void
}
