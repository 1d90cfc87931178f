import { cls, randomClass } from './dom.ts'
import { draw, has } from './setting.ts'

const built = (name: string) => (has('meters-renamed') ? randomClass() : cls(name))
/** Idle to loud. Other names on every load, where the room wants that. */
const METER = ['gjg47c', 'HX2H7', 'Oaajhc', 'wEsLMd'].map(built)
/** Was seen, too: stands for the middle level in some rooms. */
const RARE = built('OgVli')
const MIDDLE = 2
if (draw('rare meter') < 0.3) METER[MIDDLE] = RARE

/** One meter's class, as the real client turns it: 0 idle to 3 loud. */
export function setLevel(meter: HTMLElement, step: number): void {
  const level = METER[step]
  if (level === undefined || meter.classList.contains(level)) return
  meter.classList.remove(...METER)
  meter.classList.add(level)
}
