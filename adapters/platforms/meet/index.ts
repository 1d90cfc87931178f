import { definePlatform } from '../../../src/platform/adapter.ts'
import { act } from './act.ts'
import { controls } from './controls.ts'
import { approach, entrance } from './entrance.ts'
import { join } from './join.ts'
import { leave } from './leave.ts'
import { observe } from './observe.ts'
import { page } from './page.generated.ts'
import { devicesOff } from './switches.ts'
import { tileReader } from './tile-facts.ts'
import { parse } from './url.ts'
import { wires } from './wires.ts'

/** Google Meet through its web client. Facts and their dates: the controls' notes. */
export const meet = definePlatform({
  id: 'meet',
  controls,
  parse,
  join,
  entrance,
  approach,
  devicesOff,
  observe,
  page,
  facts: tileReader,
  wires,
  act,
  leave,
})
