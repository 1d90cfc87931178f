#!/usr/bin/env node
import { Command } from 'commander'
import { isBotError } from '../core/errors.ts'
import { ERROR_CODES } from '../core/outcomes.ts'
import { browserCommand } from './browser.ts'
import { demoCommand } from './demo.ts'
import { doctorCommand } from './doctor.ts'
import { joinCommand } from './join.ts'
import { labCommand } from './lab.ts'
import { recoverCommand } from './recover.ts'
import { serveCommand } from './serve.ts'

const program = new Command('remora').description('meeting bots: join, record, say truthfully what happened').exitOverride()
for (const command of [joinCommand(), labCommand(), serveCommand(), browserCommand(), recoverCommand(), demoCommand(), doctorCommand()])
  program.addCommand(command.exitOverride())

try {
  await program.parseAsync()
} catch (error) {
  if (isBotError(error)) {
    console.error(`${error.code}: ${error.message}`)
    process.exitCode = ERROR_CODES[error.code].exit
  } else if (error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number') {
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else {
    console.error(error) // nothing we know of: the stack is what a report needs
    process.exitCode = ERROR_CODES.INTERNAL.exit
  }
}
