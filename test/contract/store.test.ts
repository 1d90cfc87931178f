import { describe, it } from 'vitest'
import { STORE_CONTRACT } from '../../src/lab/contracts/store.ts'
import { MemoryStore } from '../../src/store.ts'

describe('memory', () => {
  it.each(STORE_CONTRACT)('$name', async ({ run }) => {
    const store = new MemoryStore()
    await run({ store, twin: store })
  })
})
