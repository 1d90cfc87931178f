import { BotError } from '../core/errors.ts'
import type { MeetingRef, PlatformAdapter } from './adapter.ts'

/** Which meeting of which platform a text names. Accepts blanks, quotes and a missing scheme around the URL. */
export function parseMeetingUrl(text: string, platforms: readonly PlatformAdapter[]): { adapter: PlatformAdapter; ref: MeetingRef } {
  const cleaned = text.trim().replace(/^["'<(\s]+|["'>)\s]+$/g, '')
  const withScheme = /^[a-z][a-z\d+.-]*:/i.test(cleaned) ? cleaned : `https://${cleaned}`
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined
  if (url !== undefined && url.protocol === 'https:') {
    for (const adapter of platforms) {
      const ref = adapter.parse(url)
      if (ref !== undefined) return { adapter, ref }
    }
  }
  const known = platforms.map(({ id }) => id)
  throw new BotError('INVALID_MEETING_URL', `meetingUrl is not a meeting address of ${known.join(', ')}`, {
    details: { field: 'meetingUrl', value: text.slice(0, 200), platforms: known },
  })
}
