import { isBotError } from '../../../src/core/errors.ts'
import type { MeetStage } from './join.ts'
import { DOORS } from './prejoin.ts'
import { foreign } from './trouble.ts'

const PRESS_MS = 4_000
const GONE_MS = 3_000

/** Where one of these stands without the button, there is nothing more to leave than the page: a door, a plain knock screen, an end. */
const OUTSIDE = [
  ...DOORS,
  ...(['lobby', 'askingNow', 'denied', 'noAnswer', 'cantJoin', 'problem', 'badCode', 'signIn'] as const),
  ...(['removed', 'hostEnded', 'callEnded', 'youLeft', 'homePage', 'endScreen'] as const),
] as const

/** Leaves by the site's own button. A page that shows none, even to a moving pointer, is one we have left or never entered. */
export async function leave(stage: MeetStage, signal: AbortSignal): Promise<void> {
  if (foreign(stage.url()) !== undefined) return // it has sent us elsewhere
  await stage.wake({ signal }) // the control bar hides from a still pointer
  const sight = await stage.firstOf(['leaveCall', ...OUTSIDE], { signal, timeoutMs: PRESS_MS })
  if (sight?.shows.has('leaveCall') !== true) return
  try {
    await stage.press('leaveCall', { signal, timeoutMs: PRESS_MS })
  } catch (error) {
    if (!isBotError(error, 'PAGE_CHANGED')) throw error
    return // it went while we reached for it
  }
  await stage.firstOf(['youLeft', 'returnHome', 'askToJoin'], { signal, timeoutMs: GONE_MS })
}
