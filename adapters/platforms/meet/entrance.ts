import type { Entrance, JoinOptions } from '../../../src/platform/adapter.ts'
import { POPUPS } from './controls.ts'
import type { MeetStage } from './join.ts'
import { DOORS, prejoin } from './prejoin.ts'
import { withLanguage } from './url.ts'

/** The screen before the knock, for whoever wants to know whether it still is what this adapter expects. */
export const entrance: Entrance = {
  essential: [DOORS],
  others: ['nameBox', 'micOn', 'cameraOn', 'toggle', 'moreOptions', 'joinHereToo', 'captcha', ...POPUPS],
}

/** Up to the door, with the name typed and whatever is in the way answered. */
export async function approach(
  stage: MeetStage,
  { ref, botName, locale, signal }: Pick<JoinOptions, 'ref' | 'botName' | 'locale' | 'signal'>,
): Promise<void> {
  await stage.goto(withLanguage(ref.joinUrl, locale), { signal })
  await prejoin(stage, { botName, signal })
}
