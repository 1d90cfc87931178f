/** Records in real time into argv[2] until it is killed, and says after each push how far the page's time has come. */
import { frameAt, h264, pushOf, recorderIn } from './sample.ts'

const dir = process.argv[2] ?? ''
const sample = await h264()
const { recorder } = recorderIn(dir)
recorder.hold()
const began = performance.now()
for (let ms = 0; ms < 11_000; ms += 100) {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, began + ms + 100 - performance.now())))
  recorder.frame(frameAt(ms, (now) => now >= 1_000))
  recorder.video(pushOf(sample, ms, ms + 100))
  if (ms === 500) await recorder.commit()
  process.stdout.write(`${ms + 100}\n`)
}
