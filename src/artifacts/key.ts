/** Key of one of a bot's files: its id, then where it is below its folder. */
export function artifactKey(uuid: string, path: string): string {
  const parts = path.split(/[\\/]/)
  const folder = parts.lastIndexOf(uuid)
  return [uuid, ...parts.slice(folder === -1 ? -1 : folder + 1)].join('/')
}
