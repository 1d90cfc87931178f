/** The meeting lab: look-alike pages under the real host names, with people who talk. Never the real sites. */

export type { ContractCase } from './lab/contracts/contract-case.ts'
export { STORE_CONTRACT } from './lab/contracts/store.ts'
export type { StoreUnderTest } from './lab/contracts/store-samples.ts'
export { command } from './lab/control.ts'
export { FakeClock, type FakeClockOptions } from './lab/fakes/fake-clock.ts'
export { IN_THE_CALL, ScriptedBot, type ScriptedLife, type ScriptedMedia, type ScriptedStep } from './lab/fakes/scripted-bot.ts'
export { type Lab, type LabOptions, startLab } from './lab/server.ts'
