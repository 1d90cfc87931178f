import { definePlatform } from '../../../src/platform/adapter.ts'
import { controls } from './controls.ts'
import { join, type MeetStage } from './join.ts'
import { observe } from './observe.ts'
import { page } from './page.generated.ts'
import { parse } from './url.ts'
import { wires } from './wires.ts'

/** Google Meet through its web client. Facts and their dates: the controls' notes. */
export const meet = definePlatform({
  id: 'meet',
  controls,
  parse,
  join,
  observe,
  page,
  wires,
  act: () => ({
    // The site's own switches come with the wider adapter; until then the page keeps the layout it chose.
    layout: async () => false,
    audioOnly: async () => false,
  }),
  async leave(stage: MeetStage, signal) {
    await stage.wake({ signal })
    await stage.press('leaveCall', { signal, timeoutMs: 4_000 })
    await stage.firstOf(['youLeft', 'returnHome', 'askToJoin'], { signal, timeoutMs: 3_000 })
  },
})
