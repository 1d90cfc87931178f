// A client that is not ours: playwright-core and fetch, nothing of this package but its command line.
import { spawn } from 'node:child_process'
import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'

// biome-ignore lint/suspicious/noExplicitAny: a stranger has no types of ours
const post = async (url: string, body: unknown = {}): Promise<any> =>
  (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()

it('enters a lab room and hears a named voice', async () => {
  const lab = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'lab', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const { controlUrl, chromiumArgs } = await new Promise<{ controlUrl: string; chromiumArgs: string[] }>((resolve) =>
    lab.stdout.once('data', (line) => resolve(JSON.parse(String(line)))),
  )
  const executablePath = process.env['REMORA_BROWSER'] ?? '/usr/bin/chromium'
  const browser = await chromium.launch({
    executablePath,
    chromiumSandbox: false,
    args: [...chromiumArgs, '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required'],
  })
  try {
    const room = await post(`${controlUrl}/rooms`, { platform: 'meet', people: [{ name: 'Tess', voice: { hz: 1200 } }], speech: 'none' })
    const page = await browser.newPage({ bypassCSP: true })
    await page.goto(room.url)
    await page.getByLabel('Your name').fill('Stranger')
    await page.getByRole('button', { name: 'Ask to join' }).click()
    const { visitor } = await post(`${controlUrl}/rooms/${room.id}/wait`, { state: 'knocking', timeoutMs: 10_000 })
    expect(await post(`${controlUrl}/rooms/${room.id}/admit`, { visitor })).toEqual({ applied: [visitor] })
    await page.getByRole('button', { name: 'Turn on captions' }).waitFor()
    await page.waitForFunction("[...document.querySelectorAll('audio')].some((a) => a.srcObject)")
    const heard = page.evaluate(`new Promise((resolve) => {
      const context = new AudioContext({ sampleRate: 48000 }), analyser = context.createAnalyser()
      analyser.fftSize = 4096
      for (const audio of document.querySelectorAll('audio')) if (audio.srcObject) context.createMediaStreamSource(audio.srcObject).connect(analyser)
      const bins = new Uint8Array(analyser.frequencyBinCount)
      const look = setInterval(() => {
        analyser.getByteFrequencyData(bins)
        const loudest = bins.indexOf(Math.max(...bins))
        if (bins[loudest] > 120) { clearInterval(look); resolve(loudest * 48000 / 4096) }
      }, 50)
    })`)
    await post(`${controlUrl}/rooms/${room.id}/people/Tess/say`, { hz: 1200, ms: 4_000 })
    expect(Math.abs(Number(await heard) - 1_200)).toBeLessThan(30)
    const truth = (await (await fetch(`${controlUrl}/rooms/${room.id}/truth`)).text()).split('\n').map((line) => JSON.parse(line))
    expect(truth.some(({ type, name, on }) => type === 'speaking' && name === 'Tess' && on)).toBe(true)
    expect((await fetch(`${controlUrl}/rooms`, { method: 'POST', body: '{"platform":"meet","no":1}' })).status).toBe(400)
  } finally {
    await browser.close()
    lab.kill('SIGTERM')
  }
})
