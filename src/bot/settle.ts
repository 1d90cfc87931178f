import type { OpenPage } from '../browser/port.ts'
import { within } from '../core/deadline.ts'
import type { PlatformAdapter } from '../platform/adapter.ts'
import type { BotLife } from './life.ts'
import { askForView } from './site-view.ts'

/** Five presses of both switches, each with the time its label may take to turn. */
const DEVICES_MS = 60_000

/** What a newcomer does once in the call: first what others get of it, then what it gets of them. Nothing waits for it. `signal`: the end of this stretch. */
export async function settle(life: BotLife, adapter: PlatformAdapter, page: OpenPage, signal: AbortSignal): Promise<void> {
  const { clock, logger } = life.parts
  try {
    await within({ ms: DEVICES_MS, code: 'PAGE_CHANGED', what: 'switching the devices off', signal, clock }, async (inTime) => {
      await adapter.devicesOff?.(page.stage, { signal: inTime, onWarning: life.warn })
    })
  } catch (error) {
    logger.debug('the devices were not switched off', { error: String(error) })
  }
  await askForView(life, adapter, page, signal)
}
