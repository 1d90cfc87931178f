import type { Face } from './faces.ts'

export const pageFaces = (): readonly Face[] => []
