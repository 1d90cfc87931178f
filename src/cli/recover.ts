import { Command } from 'commander'
import { readEnv } from '../config/env.ts'
import { findFfmpeg } from '../media/ffmpeg.ts'
import { recover } from '../media/finish.ts'

/** `remora recover`: finishes what a killed process left. */
export function recoverCommand(): Command {
  return new Command('recover')
    .description('finish a recording that a killed process left behind')
    .argument('<dir>', "a bot's folder")
    .action(async (dir: string) => {
      const files = await recover(dir, findFfmpeg(readEnv().ffmpeg))
      console.log(files === undefined ? `no recording was begun in ${dir}` : JSON.stringify(files, null, 2))
      if (files === undefined) process.exitCode = 2
    })
}
