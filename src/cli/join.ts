import { Command } from 'commander'
import { BotError } from '../core/errors.ts'
import type { StatusChange } from '../core/events.ts'
import { EXIT_INTERRUPTED, exitCodeOf } from '../core/outcomes.ts'
import { MeetingBot } from '../meeting-bot.ts'

interface JoinFlags {
  name: string
  out: string
  mode: string
  locale: string
  sandbox: boolean
  headless: boolean
  browserArg: string[]
}

/** A status as a line for people. */
export function lineOf({ to, reason, responsible, evidence }: StatusChange): string {
  const why = reason === undefined ? '' : `  ${reason}${responsible === undefined ? '' : ` (${responsible})`}`
  const seen = evidence?.signs === undefined || evidence.signs.length === 0 ? '' : `  seen: ${evidence.signs.join(', ')}`
  return `${to}${why}${seen}`
}

/** `remora join`: one bot, live status, Ctrl-C leaves politely. */
export function joinCommand(): Command {
  return new Command('join')
    .description('send a bot into a meeting and record it')
    .argument('<url>', 'meeting URL')
    .option('--name <name>', 'display name of the bot', 'Remora')
    .option('--out <dir>', 'folder for recordings', 'recordings')
    .option('--mode <mode>', 'speaker_view', 'speaker_view')
    .option('--locale <language>', 'language asked of the page', 'en')
    .option('--no-sandbox', 'start Chromium without its sandbox (as root it has none)')
    .option('--no-headless', 'show the browser (needs a display)')
    .option('--browser-arg <arg>', 'another argument for Chromium; may be repeated', (arg: string, all: string[]) => [...all, arg], [])
    .action(async (meetingUrl: string, { name, out, mode, locale, sandbox, headless, browserArg }: JoinFlags) => {
      if (mode !== 'speaker_view' && mode !== 'gallery_view' && mode !== 'audio_only') {
        throw new BotError('CONFIG_INVALID', `--mode: "${mode}" is not allowed; allowed: speaker_view, gallery_view, audio_only`)
      }
      const bot = new MeetingBot({
        meetingUrl,
        botName: name,
        outputDir: out,
        recordingMode: mode,
        locale,
        browser: { sandbox, headless, args: browserArg },
      })
      bot.on('status', (change) => console.log(lineOf(change)))
      bot.on('warning', ({ code, message }) => console.log(`  ! ${code}: ${message}`))
      let interrupted = false
      const leave = () => {
        interrupted = true
        console.log('leaving…')
        void bot.leave('interrupted')
      }
      process.once('SIGINT', leave)
      process.once('SIGTERM', leave)
      await bot.join().catch(() => {}) // `done` says the same, with everything that was kept
      const result = await bot.done
      if (result.error !== undefined) console.error(`${result.error.code}: ${result.error.message}`)
      for (const path of [result.mp4, result.audio, result.pcm, result.events]) if (path !== undefined) console.log(path)
      process.exitCode = interrupted ? EXIT_INTERRUPTED : exitCodeOf(result)
    })
}
