import { type BotConfig, resolveBotConfig } from '../config/bot-config.ts'
import type { OutgoingGuard } from '../net/url-guard.ts'
import type { PlatformAdapter } from '../platform/adapter.ts'
import { parseMeetingUrl } from '../platform/meeting-url.ts'
import type { BotRequest } from '../store/port.ts'

/** What every bot of an engine has in common. */
export type CommonConfig = Pick<BotConfig, 'outputDir' | 'browser' | 'locale'>

/** A request as the configuration of one bot. `null` in a request is "not given", which is the default, not "off". */
export function botConfigOf(request: BotRequest, common: CommonConfig): BotConfig {
  const { meetingUrl, botName, recordingMode, automaticLeave, streaming, entryMessage, botImage, speechToText } = request
  return {
    ...common,
    meetingUrl,
    botName,
    recordingMode,
    automaticLeave: given(automaticLeave),
    streaming: given(streaming),
    ...given({ entryMessage, botImage, speechToText }),
  }
}

/** Refuses what cannot be served, before anything is stored or started; answers with the meeting's identity. */
export function checked(
  request: BotRequest,
  { common, platforms, guard }: { common: CommonConfig; platforms: readonly PlatformAdapter[]; guard: OutgoingGuard },
): { meetingKey: string } {
  const { webhookUrl, streaming } = request
  const { adapter, ref } = parseMeetingUrl(request.meetingUrl, platforms)
  resolveBotConfig(botConfigOf(request, common))
  if (webhookUrl !== null) guard.check(webhookUrl, 'webhookUrl', 'http')
  if (streaming.output !== null) guard.check(streaming.output, 'streaming.output', 'ws')
  return { meetingKey: `${adapter.id}:${ref.id}` }
}

/** When it is to set out: at `startAt` (less the lead), after the reserved lead, or at once. Never before it was asked for. */
export function joinAtOf(
  { startAt, reserved }: BotRequest,
  now: number,
  { reservedLeadMs, startLeadMs }: { reservedLeadMs: number; startLeadMs: number },
): number {
  if (startAt !== null) return Math.max(now, startAt - startLeadMs)
  return reserved ? now + reservedLeadMs : now
}

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> }

function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Given<T>
}
