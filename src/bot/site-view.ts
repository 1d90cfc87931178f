import type { OpenPage } from '../browser/port.ts'
import type { ResolvedBotConfig } from '../config/bot-config.ts'
import { within } from '../core/deadline.ts'
import type { Actions, PlatformAdapter } from '../platform/adapter.ts'
import type { BotLife } from './life.ts'

/** All of the walk through the site's menus; a menu that does not open must not keep us. */
const WALK_MS = 20_000

// biome-ignore format: a table
const ASKED: Record<ResolvedBotConfig['recordingMode'], (actions: Actions, signal: AbortSignal) => Promise<boolean>> = {
  speaker_view: (actions, signal) => actions.layout('speaker', signal),
  gallery_view: (actions, signal) => actions.layout('gallery', signal),
  audio_only:   (actions, signal) => actions.audioOnly(signal),
}

/**
 * Asks the site for the view that the recording is made of: its own layout decides which pictures it sends, and how large.
 * Called when the recording runs already; nothing waits for it, and a site without such a switch is recorded as it is.
 */
export async function askForView({ config, parts }: BotLife, adapter: PlatformAdapter, page: OpenPage, signal: AbortSignal): Promise<void> {
  const { clock, logger } = parts
  try {
    const done = await within({ ms: WALK_MS, code: 'PAGE_CHANGED', what: 'the layout switch', signal, clock }, (inTime) =>
      ASKED[config.recordingMode](adapter.act(page.stage), inTime),
    )
    logger.debug('the site’s own view', { mode: config.recordingMode, done })
  } catch (error) {
    // The recording goes on all the same: with the site's own choice of pictures.
    logger.debug('the site’s own view was not changed', { mode: config.recordingMode, error: String(error) })
  }
}
