import { buildPages } from '../src/page/build.ts'

/** Browser programs are bundled before any test, so that a test never runs against yesterday's page. */
export async function setup(): Promise<void> {
  await buildPages()
}
