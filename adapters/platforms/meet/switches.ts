import type { JoinOptions } from '../../../src/platform/adapter.ts'
import { type MeetKey, POPUPS } from './controls.ts'
import type { MeetStage } from './join.ts'
import { dismissPopups, tryPress } from './trouble.ts'

/** A label turns up to a second after the press, later on a busy machine: pressed again too early, it is on again. */
const TURN_MS = 5_000
const PRESSES = 5
/** A page that answers none of these is no page to press in. */
const LOOKS = 3
/** Dialogs answered for one switch; a page that opens them without end is left as it is. */
const DIALOGS = 4

const SWITCHES = ['micOn', 'cameraOn'] as const satisfies readonly MeetKey[]
export type Switch = (typeof SWITCHES)[number]

/** Microphone and camera off: press, look, press again if the label still says on. Says which of them still do. */
export async function silence(stage: MeetStage, signal: AbortSignal): Promise<readonly Switch[]> {
  const isOn = async (key: Switch) => {
    for (let looks = 0; looks < LOOKS; looks++) {
      const { answered, shows } = await stage.look([key], { signal })
      if (answered) return shows.has(key)
    }
    return true // not known to be off
  }
  const on: Switch[] = []
  for (const key of SWITCHES) {
    let dialogs = 0
    for (let pressed = 0; pressed < PRESSES && (await isOn(key)); ) {
      if (await tryPress(stage, key, signal)) {
        pressed++
        const until = stage.clock.now() + TURN_MS
        while (stage.clock.now() < until && (await isOn(key))) await stage.pulse({ atLeastMs: 100, atMostMs: 300, signal })
      } else {
        // A dialog may cover the button: answering it is no press. Where none of ours does, the door is not held up for it.
        const answered = await dismissPopups(stage, await stage.look(POPUPS, { signal }), signal)
        if (answered.length === 0 || ++dialogs > DIALOGS) break
      }
    }
    if (await isOn(key)) on.push(key)
  }
  return on
}

/** What others get of a switch that stays on. Chromium's test devices are no silence: they beep and show a moving picture. */
const LEFT_ON: Readonly<Record<Switch, string>> = {
  micOn: 'The page does not say that the microphone is off: others may hear it, and a test device beeps',
  cameraOn: 'The page does not say that the camera is off: others may see it, or the moving picture of a test device',
}

/** Says which switches stayed on. */
export function tellOn(on: readonly Switch[], phase: 'prejoin' | 'call', onWarning: JoinOptions['onWarning']): void {
  for (const key of on) onWarning('device_left_on', LEFT_ON[key], { control: key, phase })
}

/** Once in the call: the client may have switched them on at the door. */
export async function devicesOff(stage: MeetStage, { signal, onWarning }: Pick<JoinOptions, 'signal' | 'onWarning'>): Promise<void> {
  await stage.wake({ signal }) // the bar hides from a still pointer, and its switches with it
  tellOn(await silence(stage, signal), 'call', onWarning)
}
