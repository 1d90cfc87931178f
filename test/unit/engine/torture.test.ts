import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)

it('is killed three times among three bots, and tells the truth of each (the whole torture: npm run torture:restart)', async () => {
  const args = ['--import', 'tsx', 'bench/torture-restart.ts', '--bots', '3', '--kills', '3', '--seed', '3']
  const { stdout } = await run(process.execPath, args).catch((error) => error)
  const { violations, kills, events, outcomes } = JSON.parse(stdout)
  expect(violations).toEqual([])
  expect(kills).toBe(3)
  expect(events).toBeGreaterThanOrEqual(6)
  expect(Object.values<number>(outcomes).reduce((sum, count) => sum + count)).toBe(3)
}, 120_000)
