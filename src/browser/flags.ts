/**
 * Our flags. Media must run in pages nobody looks at, and nothing may call home. The camera and microphone are Chromium's
 * own test devices, so that a site's pre-join screen finds some; they are switched off before joining.
 */
const FLAGS = [
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
]

/** Chromium loads the drop-downs of an address bar ahead, in processes of their own for every window: some 35 MB for each bot (156, 2026-11). */
const NO_ADDRESS_BAR = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup', 'PreloadTopChromeWebUI']

/** What playwright-core 1.65 switches off by itself: of several such flags Chromium reads the last one alone. */
const PLAYWRIGHTS = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'msForceBrowserSignIn',
  'msEdgeUpdateLaunchServicesPreferredVersion',
]

const OFF = '--disable-features='

/** The one flag that switches these off too. */
export const switchingOff = (more: readonly string[] = []): string =>
  `${OFF}${[...new Set([...PLAYWRIGHTS, ...NO_ADDRESS_BAR, ...more])].join(',')}`

/** All flags of a browser: ours, those its build needs, the caller's. What any of them switches off is off. */
export function flagsOf(locale: string, ...more: readonly (readonly string[])[]): string[] {
  const asked = more.flat()
  const off = asked.filter((flag) => flag.startsWith(OFF)).flatMap((flag) => flag.slice(OFF.length).split(','))
  return [...FLAGS, `--lang=${locale}`, ...asked.filter((flag) => !flag.startsWith(OFF)), switchingOff(off)]
}
