import { readEnv } from '../src/config/env.ts'
import { MeetingBot } from '../src/meeting-bot.ts'

/** Our own recording, in a process of its own: `recipe-live <url> <dir> <chromium args as JSON>`. Says `recording`, ends with a line on stdin. */
const [url = '', outputDir = '', args = '[]'] = process.argv.slice(2)
const executablePath = readEnv().browser
const bot = new MeetingBot({
  meetingUrl: url,
  botName: 'Bench',
  outputDir,
  browser: {
    args: JSON.parse(args) as string[],
    ...(process.getuid?.() === 0 ? { sandbox: false } : {}),
    ...(executablePath === undefined ? {} : { executablePath }),
  },
})
await bot.join()
console.log('recording')
process.stdin.once('data', () => void bot.leave())
const { mp4 } = await bot.done
console.log(mp4)
process.stdin.destroy()
