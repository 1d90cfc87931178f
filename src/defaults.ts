import { meet } from '../adapters/platforms/meet/index.ts'
import type { BotParts } from './bot/parts.ts'
import { chromiumProvider } from './browser/chromium.ts'
import type { ResolvedBotConfig } from './config/bot-config.ts'
import { readEnv } from './config/env.ts'
import { systemClock } from './core/clock.ts'
import { silentLogger } from './core/logger.ts'
import type { WarningCode } from './core/outcomes.ts'
import { findFfmpeg } from './media/ffmpeg.ts'
import { createRecorder } from './media/recorder.ts'
import { ANY_URL } from './net/url-guard.ts'
import type { MeetingRef, PlatformAdapter } from './platform/adapter.ts'
import { parseMeetingUrl as parse } from './platform/meeting-url.ts'

/** The platforms a bot knows without being told. */
export const PLATFORMS: readonly PlatformAdapter[] = [meet as PlatformAdapter]

/** Which meeting of which platform a text names; INVALID_MEETING_URL where it names none. Platforms: those a bot knows. */
export function parseMeetingUrl(text: string, platforms = PLATFORMS): { adapter: PlatformAdapter; ref: MeetingRef } {
  return parse(text, platforms)
}

/** Every part as it is when the user brings none. */
export function defaultParts(config: ResolvedBotConfig, warn: (code: WarningCode, message: string) => void): Omit<BotParts, 'id'> {
  const env = readEnv()
  return {
    platforms: PLATFORMS,
    browser: chromiumProvider({ ...config.browser, env: env.all, onWarning: warn }),
    clock: systemClock,
    logger: silentLogger,
    createRecorder: (plan) => createRecorder({ ...plan, ffmpegPath: findFfmpeg(env.ffmpeg) }),
    outgoing: ANY_URL,
    sinks: [],
  }
}
