import type { PersonView } from '../protocol.ts'
import { el } from './dom.ts'
import { t } from './setting.ts'

/** "No one else…": stands there for as long as the visitor is alone in the call. It says nothing of an end. */
export class AloneHint {
  readonly element = el('div', { style: 'position:fixed;left:40px;top:120px;z-index:3;pointer-events:none;display:none' })

  show(people: readonly PersonView[]): void {
    const alone = people.length > 0 && people.every(({ self }) => self)
    this.element.textContent = alone ? t.noOneElse : ''
    this.element.style.display = alone ? '' : 'none'
  }
}
