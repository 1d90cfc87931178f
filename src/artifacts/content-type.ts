/** Types by ending. None of them is run by a browser; what is not in it is only bytes. */
// biome-ignore format: a table
const TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4', webm: 'video/webm', m4a: 'audio/mp4', mp3: 'audio/mpeg', wav: 'audio/wav', flac: 'audio/flac', ogg: 'audio/ogg',
  jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', json: 'application/json', jsonl: 'application/x-ndjson',
  txt: 'text/plain; charset=utf-8', vtt: 'text/vtt; charset=utf-8', srt: 'application/x-subrip',
}

/** The content type of a file name. */
export function contentTypeOf(name: string): string {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  return (Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined) ?? 'application/octet-stream'
}

/** The header under which a file is saved as what it is called; plain words for those who know no others. */
export function dispositionOf(name: string, kind: 'inline' | 'attachment' = 'inline'): string {
  const ascii = name.replace(/[^ -~]|["\\]/g, '_')
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`
}
