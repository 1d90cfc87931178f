/** What a platform's own page code is given: it calls `remoraPlatform` exactly once, before the site's code runs. */
interface RemoraPageApi {
  /** A fact for Node: arrives as `PageFact` with the page clock. The last `state:…` fact is kept for readers who come later. */
  push(name: string, data: unknown): void
  /** A message from Node (`stage.say`). */
  onSay(name: string, listener: (data: unknown) => void): void
}
declare function remoraPlatform(run: (api: RemoraPageApi) => void): void
