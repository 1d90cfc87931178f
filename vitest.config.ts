import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/{unit,contract,architecture,types}/**/*.test.ts'], testTimeout: 20_000 },
      },
      {
        extends: true,
        // Real Chromium and real WebRTC: one file at a time on a small machine, or media starves and tests measure the machine.
        test: { name: 'lab', include: ['test/lab/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false },
      },
      {
        extends: true,
        test: { name: 'pack', include: ['test/pack/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false },
      },
    ],
  },
})
