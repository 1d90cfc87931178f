import type { BrowserProvider } from '../browser/port.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { WarningCode } from '../core/outcomes.ts'
import type { MediaSink } from '../media/capture-port.ts'
import type { Recorder } from '../media/recorder-port.ts'
import type { OutgoingGuard } from '../net/url-guard.ts'
import type { PlatformAdapter } from '../platform/adapter.ts'

export interface RecorderPlan {
  dir: string
  sampleRate: 16000 | 24000
  video: boolean
  onWarning(code: WarningCode, message: string, details?: Record<string, unknown>): void
  /** The disk refused: what was kept stays, nothing more can be. */
  onError(error: unknown): void
}

/** What may be replaced in a bot. Every part has a default; a test replaces the ones it wants to own. */
export interface BotParts {
  /** The bot's id (a UUID by default): folder name, stream handshake, webhooks. */
  id: string
  platforms: readonly PlatformAdapter[]
  /** Shared between bots to share one browser; a bot closes only a provider it made itself. */
  browser: BrowserProvider
  clock: Clock
  logger: Logger
  createRecorder(plan: RecorderPlan): Recorder
  /** Where the bot's own connections (`streaming`) may go. Default: anywhere, as the URLs are the caller's own; a service checks them. */
  outgoing: OutgoingGuard
  /** Further places for the call's audio. */
  sinks: readonly MediaSink[]
}
