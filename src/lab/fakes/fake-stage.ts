import { BotError } from '../../core/errors.ts'
import type { Evidence } from '../../core/events.ts'
import type { Bounded, ElementFacts, PageFact, Seen, Sight, Stage } from '../../platform/stage.ts'
import { FakeClock } from './fake-clock.ts'
import { type Scene, Script } from './scenes.ts'

const LOOK_MS = 5_000
const ACT_MS = 10_000
/** How often waiting code asks the script. Only fake time passes. */
const STEP_MS = 100

/**
 * A page that plays a script, on a clock of its own that moves when the code under test waits: ten minutes of knocking
 * take milliseconds and end the same every time.
 *
 * @example
 * const stage = new FakeStage<MeetKey>(
 *   { shows: ['nameBox', 'askToJoin'] },
 *   { on: { press: 'askToJoin' }, shows: ['lobby'] },
 *   { at: 30_000, shows: ['captions', 'chat'] },
 * )
 * await meet.join(stage, options)
 * expect(stage.did).toEqual([`goto ${url}`, 'type nameBox Notes', 'press askToJoin'])
 */
export class FakeStage<K extends string = string> implements Stage<K> {
  readonly clock: FakeClock
  /** What was done to the page, in order: 'goto URL', 'press key', 'type key text', 'key chord', 'say name'. */
  readonly did: string[] = []
  /** How often the pointer was moved. */
  wakes = 0
  readonly #script: Script<K>
  readonly #gone = new Set<K>()
  readonly #facts: PageFact[] = []
  #scene: Scene<K> | undefined
  #lookedAt: Scene<K> | undefined
  #pressed = 0
  #pressedAtLook = 0
  #pictures = 0
  #epoch = 0
  #url = 'about:blank'

  constructor(...scenes: readonly (Scene<K> | K)[])
  constructor(clock: FakeClock, ...scenes: readonly (Scene<K> | K)[])
  constructor(first: FakeClock | Scene<K> | K, ...rest: readonly (Scene<K> | K)[]) {
    this.clock = first instanceof FakeClock ? first : new FakeClock({ auto: true })
    this.#script = new Script(first instanceof FakeClock ? rest : [first, ...rest], this.clock.now())
  }

  url(): string {
    return this.#now()?.url ?? this.#url
  }

  async goto(url: string, { signal }: Bounded): Promise<void> {
    signal.throwIfAborted()
    this.did.push(`goto ${url}`)
    this.#url = url
    this.#script.visited(this.clock.now())
    this.#alive()
  }

  async look(keys: readonly K[], { signal, timeoutMs = LOOK_MS }: Bounded): Promise<Sight<K>> {
    signal.throwIfAborted()
    this.#alive()
    const at = this.clock.now()
    const scene = this.#now()
    this.#lookedAt = scene
    this.#pressedAtLook = this.#pressed
    if (scene?.answered === false) {
      await this.clock.after(timeoutMs, signal)
      return { at, url: this.url(), answered: false, shows: new Map() }
    }
    const shows = new Map<K, Seen>()
    for (const key of keys) {
      const enabled = this.#shown(key)
      if (enabled !== undefined) shows.set(key, { clue: 0, text: scene?.texts?.[key] ?? key, enabled })
    }
    return { at, url: this.url(), answered: true, shows }
  }

  async firstOf(keys: readonly K[], { signal, timeoutMs = ACT_MS }: Bounded): Promise<Sight<K> | undefined> {
    const deadline = this.clock.now() + timeoutMs
    for (;;) {
      const sight = await this.look(keys, { signal })
      if (sight.shows.size > 0) return sight
      const left = deadline - this.clock.now()
      if (left <= 0) return undefined
      await this.clock.after(Math.min(STEP_MS, left), signal)
    }
  }

  async pulse({ atLeastMs, atMostMs, signal }: { atLeastMs: number; atMostMs: number; signal: AbortSignal }): Promise<void> {
    const deadline = this.clock.now() + atMostMs
    await this.clock.after(atLeastMs, signal)
    while (this.#now() === this.#lookedAt && this.#pressed === this.#pressedAtLook) {
      const now = this.clock.now()
      if (now >= deadline) return
      await this.clock.after(Math.min(deadline, this.#script.nextAt(now) ?? deadline, now + 1_000) - now, signal)
    }
  }

  async press(key: K, options: Bounded): Promise<void> {
    await this.#usable(key, options)
    this.did.push(`press ${key}`)
    this.#pressed++
    if (this.#now()?.once?.includes(key) === true) this.#gone.add(key)
    this.#script.done('press', key, this.clock.now())
  }

  async type(key: K, text: string, options: Bounded): Promise<void> {
    await this.#usable(key, options)
    this.did.push(`type ${key} ${text}`)
    this.#script.done('type', key, this.clock.now())
  }

  async key(chord: string, { signal }: Bounded): Promise<void> {
    signal.throwIfAborted()
    this.#alive()
    this.did.push(`key ${chord}`)
  }

  async read(key: K, { signal }: Bounded): Promise<readonly ElementFacts[]> {
    signal.throwIfAborted()
    this.#alive()
    const scene = this.#now()
    if (scene?.answered === false) return []
    const scripted = scene?.reads?.[key]
    if (scripted !== undefined) return scripted
    const enabled = this.#shown(key)
    return enabled === undefined ? [] : [{ text: scene?.texts?.[key] ?? key, attributes: {}, visible: true, enabled }]
  }

  async wake({ signal }: Bounded): Promise<void> {
    signal.throwIfAborted()
    this.#alive()
    this.wakes++
  }

  async *facts(signal: AbortSignal): AsyncIterable<PageFact> {
    for (let next = this.#facts.length; !signal.aborted; ) {
      const scene = this.#now()
      if (scene?.crashed === true) return
      for (; next < this.#facts.length; next++) {
        const fact = this.#facts[next]
        if (fact !== undefined) yield fact
      }
      const now = this.clock.now()
      const untilNext = (this.#script.nextAt(now) ?? now + STEP_MS) - now
      await this.clock.after(Math.min(STEP_MS, untilNext), signal).catch(() => {}) // aborted: the loop's condition says it
    }
  }

  async say(name: string, _data: unknown, { signal }: Bounded): Promise<void> {
    signal.throwIfAborted()
    this.#alive()
    this.did.push(`say ${name}`)
  }

  async evidence(sight: Sight<K>, { absent, picture = false }: { absent?: readonly K[]; picture?: boolean } = {}): Promise<Evidence> {
    const [text] = [...sight.shows.values()].map((seen) => seen.text)
    return {
      signs: [...sight.shows.keys()],
      url: sight.url.split(/[?#]/)[0] ?? sight.url,
      ...(absent === undefined ? {} : { absent }),
      ...(text === undefined ? {} : { text }),
      ...(picture ? { screenshot: `picture-${++this.#pictures}.jpg` } : {}),
    }
  }

  /** A fact as the page would push it now. */
  push(name: string, data: unknown): void {
    this.#facts.push({ name, data, atMs: this.clock.now(), epoch: this.#epoch })
  }

  /** The page loads another document: what it says from now on is of a new epoch. */
  reload(): void {
    this.#epoch++
    this.push('hello', {})
  }

  /** The scene of this moment; a new one brings back what was pressed away, and its facts. */
  #now(): Scene<K> | undefined {
    const scene = this.#script.at(this.clock.now())
    if (scene !== this.#scene) {
      this.#scene = scene
      this.#gone.clear()
      for (const { name, data } of scene?.facts ?? []) this.push(name, data)
    }
    return scene
  }

  /** Undefined: not there. Else whether it can be used. */
  #shown(key: K): boolean | undefined {
    const scene = this.#now()
    if (scene === undefined || this.#gone.has(key)) return undefined
    if (scene.disabled?.includes(key) === true) return false
    return scene.shows?.includes(key) === true || scene.once?.includes(key) === true ? true : undefined
  }

  #alive(): void {
    if (this.#now()?.crashed === true) throw new BotError('BROWSER_CRASHED', 'The page is gone', { details: { url: this.#url } })
  }

  async #usable(key: K, { signal, timeoutMs = ACT_MS }: Bounded): Promise<void> {
    const deadline = this.clock.now() + timeoutMs
    for (;;) {
      signal.throwIfAborted()
      this.#alive()
      if (this.#now()?.answered !== false && this.#shown(key) === true) return
      const left = deadline - this.clock.now()
      if (left <= 0) {
        throw new BotError('PAGE_CHANGED', `"${key}" could not be used within ${timeoutMs} ms`, {
          details: { control: key, tried: [], url: this.url() },
        })
      }
      await this.clock.after(Math.min(STEP_MS, left), signal)
    }
  }
}
