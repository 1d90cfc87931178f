import { isBotError } from '../../../src/core/errors.ts'
import type { Actions } from '../../../src/platform/adapter.ts'
import type { MeetKey } from './controls.ts'
import type { MeetStage } from './join.ts'

const STEP_MS = 4_000
const CLOSE_MS = 5_000
/** Spotlight takes the other tiles out of the page, and with them who is there: the sidebar keeps them. */
const VIEWS = { speaker: 'layoutSidebar', gallery: 'layoutTiled' } as const satisfies Record<string, MeetKey>

/** What can be asked of the call's own page. Whatever was opened on the way is closed again. */
export function act(stage: MeetStage): Actions {
  return {
    layout: (view, signal) => walk(stage, ['moreOptions', 'changeLayout', VIEWS[view]], signal),
    // On another tab of the settings, and there in a list that may be shut (6.13): what is in sight needs no way to it.
    audioOnly: (signal) =>
      walk(stage, ['moreOptions', 'settings', ['videoTab', 'audioOnly'], ['resolutions', 'audioOnly'], 'audioOnly'], signal),
  }
}

/** A control to press; or one that is passed over where the second one shows already, or where it does not show itself. */
type Step = MeetKey | readonly [way: MeetKey, to: MeetKey]

/**
 * Presses one after the other; false as soon as one is not there. Nothing that was opened stays open, not even when it is
 * broken off; what somebody else opened does.
 */
async function walk(stage: MeetStage, path: readonly Step[], signal: AbortSignal): Promise<boolean> {
  await stage.wake({ signal }) // the control bar hides from a still pointer
  let opened = false
  try {
    for (const step of path) {
      if (!(await stepped(stage, step, signal))) return false
      opened = true
    }
    return true
  } catch (error) {
    opened = true // broken off in the middle of a press
    throw error
  } finally {
    if (opened) await close(stage, AbortSignal.timeout(CLOSE_MS)).catch(() => {}) // a page that is gone has nothing open
  }
}

async function stepped(stage: MeetStage, step: Step, signal: AbortSignal): Promise<boolean> {
  if (typeof step === 'string') return pressed(stage, step, signal)
  const [way, to] = step
  const sight = await stage.firstOf([to, way], { signal, timeoutMs: STEP_MS })
  if (sight === undefined || sight.shows.has(to) || !sight.shows.has(way)) return true
  return pressed(stage, way, signal)
}

async function pressed(stage: MeetStage, key: MeetKey, signal: AbortSignal): Promise<boolean> {
  try {
    await stage.press(key, { signal, timeoutMs: STEP_MS })
    return true
  } catch (error) {
    if (isBotError(error, 'PAGE_CHANGED')) return false
    throw error
  }
}

/** A dialog by its own button; a menu, or a dialog without one, by Escape. */
async function close(stage: MeetStage, signal: AbortSignal): Promise<void> {
  const { shows } = await stage.look(['closeDialog'], { signal })
  if (shows.has('closeDialog') && (await pressed(stage, 'closeDialog', signal))) return
  await stage.key('Escape', { signal })
}
