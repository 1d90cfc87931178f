import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { decode, newFolder } from './meeting.ts'
import { score } from './score.ts'

/** What ffprobe says of a file. */
function probe(path: string): { streams: { codec_name: string; width?: number; height?: number; duration: string }[] } {
  const { path: ffprobe } = createRequire(import.meta.url)('@ffprobe-installer/ffprobe') as { path: string }
  chmodSync(ffprobe, 0o755)
  return JSON.parse(execFileSync(ffprobe, ['-v', 'error', '-show_streams', '-of', 'json', path], { encoding: 'utf8' }))
}

it('the demo records a whole meeting, every voice where the truth has it', () => {
  const args = ['--import', 'tsx', 'src/cli/main.ts', 'demo', '--json', '--out', newFolder()]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 110_000 })
  expect(status, stderr).toBe(0)
  const said = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  expect(said).toMatchObject({
    platform: 'meet',
    reason: 'meeting_ended',
    statuses: ['joining_call', 'in_waiting_room', 'in_call_not_recording', 'in_call_recording', 'call_ended', 'completed'],
  })
  const durationMs = said.durationSeconds * 1_000
  const { streams } = probe(said.mp4)
  const video = streams.find(({ codec_name }) => codec_name === 'h264')
  const audio = streams.find(({ codec_name }) => codec_name === 'aac')
  expect(video).toMatchObject({ width: 1280, height: 720 })
  expect(Math.abs(Number(video?.duration) - said.durationSeconds)).toBeLessThan(0.5)
  expect(Math.abs(Number(audio?.duration) - said.durationSeconds)).toBeLessThan(0.5)
  expect(Math.abs(statSync(said.pcm).size / 32 - decode(said.mp4, 48_000).length / 48)).toBeLessThan(200)
  expect([said.events, said.contactSheet].map((path) => existsSync(path))).toEqual([true, true])

  const { found, constantMs, spreadMs } = score({ mp4: said.mp4, startedAt: said.startedAt, durationMs, truth: said.truth })
  expect(found.length).toBeGreaterThanOrEqual(6)
  expect(found.map(({ best }) => best)).toEqual(found.map(({ voice }) => voice))
  // The receiver's jitter buffer grows and stretches on a busy machine, by up to 200 ms as measured: that is no fault of the file.
  const correlations = found.map(({ correlation }) => correlation).sort((a, b) => a - b)
  expect(correlations[0]).toBeGreaterThan(0.1)
  expect(correlations[Math.floor(correlations.length / 2)]).toBeGreaterThan(0.35)
  expect(Math.abs(constantMs)).toBeLessThan(300)
  expect(spreadMs).toBeLessThan(250)
  expect(new Set(said.speakers.flatMap(({ name }: { name?: string }) => (name === undefined ? [] : [name]))).size).toBeGreaterThanOrEqual(2)
})
