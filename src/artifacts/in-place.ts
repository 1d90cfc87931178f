import { stat } from 'node:fs/promises'
import type { Artifact, ArtifactStore } from './port.ts'

/** Files stay where the bots wrote them, for programs that read them there. It serves nothing, so it gives no links. */
export function inPlace(): ArtifactStore {
  return {
    name: 'in place',
    put: async ({ path }: Artifact) => {
      await stat(path)
    },
    link: async () => '',
    remove: async () => ({ removed: 0, failed: 0 }),
    close: async () => {},
  }
}
