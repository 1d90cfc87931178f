// Adds up the test reports into one plain closing line.
import { existsSync, readFileSync } from 'node:fs'

const counts = { passed: 0, failed: 0, skipped: 0 }
for (const name of ['unit', 'lab', 'pack']) {
  const file = `.cache/report-${name}.json`
  if (!existsSync(file)) continue
  const report = JSON.parse(readFileSync(file, 'utf8'))
  counts.passed += report.numPassedTests
  counts.failed += report.numFailedTests
  counts.skipped += report.numPendingTests
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0
