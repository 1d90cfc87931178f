import type { PageFrame } from '../src/core/frame.ts'
import type { ScriptedMedia } from '../src/lab/fakes/scripted-bot.ts'
import { createRecorder } from '../src/media/recorder.ts'

const FRAME_MS = 100
const MIX_RATE = 48_000
const RATE = 16_000

/** A real recording of a tone, written by the product's recorder in real time, without a browser. */
export function toneRecording(dir: string, ffmpegPath: string): ScriptedMedia {
  const recorder = createRecorder({ dir, ffmpegPath, sampleRate: RATE, video: false, onWarning() {}, onError() {} })
  let nextAt = 0
  let timer: NodeJS.Timeout | undefined
  const catchUp = () => {
    for (; nextAt + FRAME_MS <= Date.now(); nextAt += FRAME_MS) recorder.frame(frameAt(nextAt))
  }
  return {
    start: async () => {
      nextAt = Date.now() - FRAME_MS
      recorder.hold()
      catchUp()
      timer = setInterval(catchUp, FRAME_MS)
      return recorder.commit()
    },
    finish: () => {
      clearInterval(timer)
      return recorder.finish()
    },
  }
}

function frameAt(atMs: number): PageFrame {
  return { epoch: 1, seq: 0, atMs, sampleRate: RATE, tracks: [{ track: 1, sources: [], pcm: tone(RATE, atMs) }], mix: tone(MIX_RATE, atMs) }
}

function tone(rate: number, atMs: number): Int16Array {
  return Int16Array.from({ length: (rate * FRAME_MS) / 1_000 }, (_, i) => Math.sin((atMs / 1_000 + i / rate) * 2_000 * Math.PI) * 9_000)
}
