import { resolve } from 'node:path'
import { Command } from 'commander'
import { readEnv } from '../config/env.ts'
import { BotError } from '../core/errors.ts'
import { exitCodeOf } from '../core/outcomes.ts'
import { command } from '../lab/control.ts'
import { startLab } from '../lab/server.ts'
import { ffmpeg, findFfmpeg } from '../media/ffmpeg.ts'
import { MeetingBot } from '../meeting-bot.ts'
import { ensureBrowser } from './browser.ts'
import { lineOf } from './join.ts'

const RECORD_MS = 20_000

/** `remora demo`: a whole meeting in the lab, from the lobby to the finished files. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('record a meeting of three talking people in the lab')
    .option('--platform <platform>', 'meet', 'meet')
    .option('--out <dir>', 'folder for the recording', 'recordings/demo')
    .option('--json', 'the last line is one JSON object')
    .action(async ({ platform, out, json }: { platform: string; out: string; json?: true }) => {
      if (platform !== 'meet') throw new BotError('NOT_SUPPORTED', `--platform: "${platform}" is not built yet; allowed: meet`)
      const say = (line: string) => (json ? console.error(line) : console.log(line))
      const browser = await ensureBrowser(say)
      const root = process.getuid?.() === 0
      say(`browser  ${browser.executablePath} (${browser.source})${root ? ', without its sandbox: you are root' : ''}`)
      say('lab      encoding voices and faces (once a machine)')
      const lab = await startLab()
      try {
        const room = await lab.room({
          platform,
          people: [
            { name: 'Ada Austen', voice: 'austen-1', host: true },
            { name: 'Jack Fitzgerald', voice: 'jfk' },
            { name: 'Carla Cards', voice: 'cards' },
          ],
        })
        say(`lab      ${room.url} (a look-alike on loopback, not the real site)`)
        const bot = new MeetingBot({
          meetingUrl: room.url,
          botName: 'Remora Demo',
          outputDir: out,
          browser: { executablePath: browser.executablePath, args: [...lab.chromiumArgs], ...(root ? { sandbox: false } : {}) },
        })
        bot.on('status', (change) => {
          say(lineOf(change))
          if (change.to === 'in_waiting_room') command(room, 'admit')
        })
        bot.on('warning', ({ code, message }) => say(`  ! ${code}: ${message}`))
        await bot.join()
        const bar = setInterval(() => process.stderr.isTTY && process.stderr.write('.'), 1_000)
        await new Promise((done) => setTimeout(done, RECORD_MS)) // the length of the demo, not a wait for something
        clearInterval(bar)
        room.end()
        const result = await bot.done
        const { botId, reason, mp4, pcm, events, durationMs, participants, speakers } = result
        const sheet = resolve(out, botId, 'contact-sheet.jpg')
        if (mp4 !== undefined)
          await ffmpeg(findFfmpeg(readEnv().ffmpeg), [
            '-i',
            mp4,
            '-vf',
            `fps=${(8_000 / durationMs).toFixed(4)},scale=320:-1,tile=4x2`,
            '-frames:v',
            '1',
            sheet,
          ])
        say(`mp4      ${mp4}\npcm      ${pcm}\nevents   ${events}\nframes   ${sheet}`)
        if (json) {
          const statuses = bot.history.map(({ to }) => to)
          console.log(
            JSON.stringify({
              platform,
              botId,
              statuses,
              reason,
              mp4,
              pcm,
              events,
              durationSeconds: durationMs / 1_000,
              participants,
              speakers,
              contactSheet: sheet,
              truth: room.truth.events,
              startedAt: result.startedAt,
            }),
          )
        }
        process.exitCode = exitCodeOf(result)
      } finally {
        await lab.close()
      }
    })
}
