import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { findBrowser, thisMachine } from '../src/browser/find.ts'
import { readEnv } from '../src/config/env.ts'

/**
 * The common recipe of recording bots: a browser with a window on a virtual screen, its sound in a sound server, ffmpeg
 * grabbing both (flags as a widely used open bot has them: 30 fps, 1280x720 at 10,10, libx264 ultrafast, GOP 30, AAC 128k).
 * `recipe-x11grab <url> <dir> <chromium args as JSON>`. Says `recording`, ends with a line on stdin.
 */
const [url = '', dir = '', args = '[]'] = process.argv.slice(2)
const display = `:${90 + (process.pid % 400)}`
const runtime = mkdtempSync(join(tmpdir(), 'remora-x11-'))
const socket = join(runtime, 'sound.socket')
const env = { ...readEnv().all, DISPLAY: display, PULSE_SERVER: `unix:${socket}`, XDG_RUNTIME_DIR: runtime } as Record<string, string>
mkdirSync(dir, { recursive: true })

const started: ChildProcess[] = []
function start(command: string, all: readonly string[], stderr: 'inherit' | 'ignore' = 'ignore'): ChildProcess {
  const child = spawn(command, all, { stdio: ['pipe', 'ignore', stderr], env })
  started.push(child)
  return child
}
// Whatever way this ends, it leaves no server behind.
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL')
})
process.once('SIGTERM', () => process.exit(1))
const ended = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })

const screen = start('Xvfb', [display, '-screen', '0', '1300x740x24', '-nolisten', 'tcp'])
const sound = start('pulseaudio', [
  '--daemonize=no',
  '--exit-idle-time=-1',
  '-n',
  '--load=module-null-sink sink_name=bot',
  `--load=module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
])
const { executablePath } = await findBrowser(readEnv().browser, thisMachine(readEnv().all))
const launch = () =>
  chromium.launch({
    executablePath,
    headless: false,
    env,
    chromiumSandbox: process.getuid?.() !== 0,
    ignoreDefaultArgs: ['--mute-audio', '--hide-scrollbars'],
    args: [
      ...(JSON.parse(args) as string[]),
      '--kiosk',
      '--window-position=10,10',
      '--window-size=1280,720',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
    ],
  })
// Both servers are ready once a browser with a window starts on them.
let browser = await launch().catch(() => undefined)
for (let tried = 0; browser === undefined && tried < 20; tried++) browser = await launch().catch(() => undefined)
if (browser === undefined) throw new Error('no browser could be started on the virtual screen')
const page = await browser.newPage({ viewport: null })
await page.goto(`${url}?hl=en`)
await page.getByLabel('Your name').fill('Bench')
await page.getByRole('button', { name: /^(Ask to join|Join now)$/ }).click()
await page.getByRole('button', { name: 'Turn on captions' }).waitFor()

const mp4 = join(dir, 'x11grab.mp4')
const grab = start(
  'ffmpeg',
  [
    ...['-nostats', '-loglevel', 'error'],
    ...[
      '-y',
      '-thread_queue_size',
      '4096',
      '-framerate',
      '30',
      '-video_size',
      '1280x720',
      '-f',
      'x11grab',
      '-draw_mouse',
      '0',
      '-i',
      `${display}.0+10,10`,
    ],
    ...['-thread_queue_size', '4096', '-f', 'pulse', '-i', 'bot.monitor'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '30', '-r', '30', '-c:a', 'aac', '-b:a', '128k', mp4],
  ],
  'inherit',
)
grab.once('exit', (code) => code !== 0 && process.exit(1)) // a recipe that records nothing must not be measured
console.log('recording')
await new Promise((resolve) => process.stdin.once('data', resolve))
grab.stdin?.write('q')
await ended(grab)
await browser.close()
for (const server of [sound, screen]) {
  const end = ended(server)
  server.kill('SIGTERM')
  await end
}
console.log(mp4)
process.stdin.destroy()
