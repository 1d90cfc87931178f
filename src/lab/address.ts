/** The address a request asks for; undefined = it is none, as "//" is not, or a host of two words. */
export function addressOf(path = '/', origin = 'https://lab'): URL | undefined {
  return URL.canParse(path, origin) ? new URL(path, origin) : undefined
}
