import { BotError, isBotError } from '../core/errors.ts'
import type { PlatformAdapter } from '../platform/adapter.ts'
import { parseMeetingUrl } from '../platform/meeting-url.ts'

/** Throws `NOT_SUPPORTED` for a passcode on a platform whose meetings have none, as far as its adapter knows: it is never ignored. */
export function checkPasscode(
  { meetingUrl, passcode }: { meetingUrl: string; passcode?: string | undefined },
  platforms: readonly PlatformAdapter[],
): void {
  if (passcode === undefined) return
  const adapter = adapterOf(meetingUrl, platforms)
  if (adapter === undefined || adapter.passcodes === true) return
  throw new BotError('NOT_SUPPORTED', `passcode: meetings of ${adapter.id} take none; leave it out`, {
    details: { field: 'passcode', value: '(hidden)', platform: adapter.id },
  })
}

function adapterOf(meetingUrl: string, platforms: readonly PlatformAdapter[]): PlatformAdapter | undefined {
  try {
    return parseMeetingUrl(meetingUrl, platforms).adapter
  } catch (error) {
    if (isBotError(error, 'INVALID_MEETING_URL')) return undefined // said by `join`, as for every bot
    throw error
  }
}
