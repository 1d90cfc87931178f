import type { WarningCode } from '../core/outcomes.ts'
import type { Capture } from '../media/capture-port.ts'
import type { Wire } from '../platform/adapter.ts'
import type { ControlMap } from '../platform/controls.ts'
import type { Stage } from '../platform/stage.ts'

/** What the bot wants opened. */
export interface PagePlan {
  controls: ControlMap
  /** The platform's own page code. */
  page?: string
  wires: readonly Wire[]
  /** BCP 47: Accept-Language, navigator.language; `--lang` of a browser that is started for this plan. A browser that runs already keeps its own. */
  locale: string
  viewport: { width: number; height: number }
  /** Folder for JPEG screenshots. */
  screenshotsDir: string
  onWarning(code: WarningCode, message: string, details?: Record<string, unknown>): void
}

/** Why a page is gone. `crashed` = its renderer; `disconnected` = the whole browser. */
export interface PageGone {
  kind: 'crashed' | 'closed' | 'disconnected'
  at: number
}

export interface OpenPage {
  readonly stage: Stage
  readonly capture: Capture
  /** Resolves, never rejects, when the page is gone without us closing it. */
  readonly gone: Promise<PageGone>
  /** A new page in the same browser after a crash; the old one is closed. Throws `BROWSER_CRASHED` if there is none to be had. */
  reopen(signal: AbortSignal): Promise<OpenPage>
  /** JPEG into `screenshotsDir`, at most 1280 px wide; its path, or undefined when the page does not answer. */
  screenshot(label: string): Promise<string | undefined>
  /** Closes page, context, and the browser if this page was its owner. Bounded. */
  close(): Promise<void>
}

/** Opens pages. Share one provider between bots to share one browser. */
export interface BrowserProvider {
  open(plan: PagePlan, signal: AbortSignal): Promise<OpenPage>
  close(): Promise<void>
}
