/** The meeting lab: look-alike pages under the real host names, with people who talk. Never the real sites. */
export { command } from './lab/control.ts'
export { type Lab, type LabOptions, startLab } from './lab/server.ts'
