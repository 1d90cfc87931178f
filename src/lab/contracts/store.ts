import type { ContractCase } from './contract-case.ts'
import { STORE_BOTS } from './store-bots.ts'
import { STORE_CLAIMS } from './store-claims.ts'
import { STORE_DEDUPE } from './store-dedupe.ts'
import { STORE_EXTRA } from './store-extra.ts'
import { STORE_LIST } from './store-list.ts'
import { STORE_OUTBOX } from './store-outbox.ts'
import { STORE_RUNS } from './store-runs.ts'
import type { StoreUnderTest } from './store-samples.ts'
import { STORE_WORK } from './store-work.ts'

/** What every bot store does. Run each case with a store of its own. */
export const STORE_CONTRACT: readonly ContractCase<StoreUnderTest>[] = [
  ...STORE_BOTS,
  ...STORE_DEDUPE,
  ...STORE_WORK,
  ...STORE_RUNS,
  ...STORE_LIST,
  ...STORE_EXTRA,
  ...STORE_OUTBOX,
  ...STORE_CLAIMS,
]
