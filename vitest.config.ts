import { basename } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Tests that measure media: two at a time, or they measure the machine. */
const MEDIA = ['capture', 'demo', 'eyes', 'lab-media', 'recording', 'speakers'].map((name) => `test/lab/${name}.test.ts`)
/** Long files that vitest, which goes by size, would begin last and wait for alone. */
const FIRST = ['walks', 'demo']
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const late = (file: TestSpecification) => (FIRST.includes(basename(file.moduleId, '.test.ts')) ? 0 : 1)
    return (await super.sort(files)).sort((a, b) => late(a) - late(b))
  }
}
/** Twice more if it fails: a machine that stalls for seconds is no fault of a call's. Vitest says which tests needed it. */
const slow = { testTimeout: 120_000, hookTimeout: 120_000, retry: 2 }

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    // Of tests that are declared concurrent: pages of the look-alike mostly wait.
    maxConcurrency: 8,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{unit,contract,architecture,types}/**/*.test.ts'],
          testTimeout: 40_000,
          // One world for all files of a worker: loading the modules anew for each took a third of the time. A file leaves nothing behind.
          isolate: false,
          // By itself it would leave one of two cores to us.
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: { name: 'pack', include: ['test/pack/**/*.test.ts'], ...slow, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        // Real Chromium; these wait more than they work.
        test: { name: 'lab', include: ['test/lab/**/*.test.ts'], exclude: MEDIA, ...slow, maxWorkers: 3, sequence: { groupOrder: 2 } },
      },
      {
        extends: true,
        test: { name: 'media', include: MEDIA, ...slow, maxWorkers: 2, sequence: { groupOrder: 3 } },
      },
    ],
  },
})
