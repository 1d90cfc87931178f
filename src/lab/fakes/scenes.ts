import type { ElementFacts } from '../../platform/stage.ts'

/** What a page shows from one moment on. Everything not named is not there. */
export interface Scene<K extends string = string> {
  /** Milliseconds after the start of its act. An act starts with the script, or with the scene that has `on`. Default 0. */
  at?: number
  /** Begins a new act when this is done to the page: the rest of the act before is not played. */
  on?: { press: K } | { type: K } | 'goto'
  shows?: readonly K[]
  /** Shown until pressed: dialogs, switches. */
  once?: readonly K[]
  /** Shown, but cannot be pressed. */
  disabled?: readonly K[]
  texts?: { readonly [key in K]?: string }
  /** What `read` gives for a control. Default: one element per shown control, with its text. */
  reads?: { readonly [key in K]?: readonly ElementFacts[] }
  /** Default: the address last gone to. */
  url?: string
  /** False: the page does not answer. */
  answered?: false
  /** True: the page is gone, every call fails with `BROWSER_CRASHED`. */
  crashed?: true
  /** Pushed by the page as this scene begins. */
  facts?: readonly { name: string; data: unknown }[]
}

interface Act<K extends string> {
  on: Scene<K>['on']
  scenes: readonly (Scene<K> & { at: number })[]
  used: boolean
}

/** A key alone stands for a scene showing just that, this long after the one before. */
const APART_MS = 5_000

/** A script, its acts and where it stands. */
export class Script<K extends string> {
  readonly #acts: readonly Act<K>[]
  #act: Act<K>
  #startedAt: number
  #visits = 0

  constructor(scenes: readonly (Scene<K> | K)[], now: number) {
    this.#acts = acts(scenes)
    const [first] = this.#acts
    if (first === undefined) throw new Error('A script needs a scene')
    this.#act = first
    this.#startedAt = now
  }

  /** The scene that holds at this time; undefined before the act's first. */
  at(now: number): Scene<K> | undefined {
    return this.#act.scenes.findLast(({ at }) => this.#startedAt + at <= now)
  }

  /** When the next scene of this act begins. */
  nextAt(now: number): number | undefined {
    const next = this.#act.scenes.find(({ at }) => this.#startedAt + at > now)
    return next === undefined ? undefined : this.#startedAt + next.at
  }

  /** Something was done to the page: the act that waits for it begins. */
  done(what: 'press' | 'type', key: K, now: number): void {
    const next = this.#acts.find(({ on, used }) => !used && typeof on === 'object' && what in on && Object.values(on)[0] === key)
    if (next !== undefined) this.#begin(next, now)
  }

  /** A navigation: the next act that waits for one, or, where there is none, the play from its beginning. */
  visited(now: number): void {
    const next = this.#visits++ === 0 ? undefined : this.#acts.find(({ on, used }) => !used && on === 'goto')
    if (next !== undefined) {
      this.#begin(next, now)
      return
    }
    const [first] = this.#acts
    for (const act of this.#acts) if (act.on !== 'goto') act.used = false
    if (first !== undefined) this.#begin(first, now)
  }

  #begin(act: Act<K>, now: number): void {
    act.used = true
    this.#act = act
    this.#startedAt = now
  }
}

function acts<K extends string>(scenes: readonly (Scene<K> | K)[]): Act<K>[] {
  const all: { on: Scene<K>['on']; scenes: (Scene<K> & { at: number })[]; used: boolean }[] = []
  let last = -APART_MS
  for (const entry of scenes) {
    const scene: Scene<K> & { at: number } =
      typeof entry === 'string' ? { at: last + APART_MS, shows: [entry] } : { ...entry, at: entry.at ?? 0 }
    if (all.length === 0 || scene.on !== undefined) all.push({ on: scene.on, scenes: [], used: false })
    last = scene.at
    all.at(-1)?.scenes.push(scene)
  }
  for (const act of all) act.scenes.sort((a, b) => a.at - b.at)
  return all
}
