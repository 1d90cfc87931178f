/**
 * Webhooks under torture: 2,000 events, a receiver that times out, fails, resets and sleeps, and a sender killed 10 times.
 * Prints figures as JSON; exits 1 if an event is missing, out of order, or came twice with other bytes.
 */
import { parseArgs } from 'node:util'
import { tortureWebhooks } from './webhooks/torture.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '2000' },
    bots: { type: 'string', default: '25' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    'deadline-ms': { type: 'string', default: '175000' },
  },
})
const report = await tortureWebhooks({
  events: Number(values.events),
  bots: Number(values.bots),
  kills: Number(values.kills),
  seed: Number(values.seed),
  deadlineMs: Number(values['deadline-ms']),
})
console.log(JSON.stringify(report, null, 2))
if (report.violations.length > 0) process.exitCode = 1
