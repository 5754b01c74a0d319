// `audit-deps redact [FILE...]`: gives text back that can be pasted into a chat or an issue. It reads, and prints; the
// only file it ever writes is the map, which leads back and stays here.

import { readFile, writeFile } from 'node:fs/promises'
import { AuditError, reasonOf } from '../errors.ts'
import { deriveCandidates } from '../secrets/derive.ts'
import { isBinary } from '../secrets/paths.ts'
import { type Redaction, redactText, restoreText, type Source } from '../secrets/redactor.ts'
import type { RedactedKind } from '../secrets/stand-ins.ts'
import { decodeText, shippedMatcher } from '../secrets/text.ts'
import { standardInput } from './standard-input.ts'

export interface RedactFlags {
  readonly map?: string
  readonly check?: boolean
  readonly restore?: boolean
}

/**
 * Prints the files (or standard input) redacted, or with `--restore` as they were. Nothing is printed before
 * everything has been read, and the map written.
 * @returns 0, or with `--check` 1 if anything would be redacted
 * @throws AuditError USAGE, PATH_MISSING, OUTPUT_UNWRITABLE, CONFIG_INVALID
 */
export async function redactCommand(files: readonly string[], flags: RedactFlags): Promise<number> {
  const { map, check, restore } = flags
  if (check && (map !== undefined || restore)) throw usage('--check goes with neither --map nor --restore', 'give one')
  if (restore && map === undefined) throw usage('--restore needs the map', 'name it with --map FILE')
  const sources = await sourcesOf(files)
  if (restore) return print(files, await restored(sources, map!))
  // A path may hold a secret too, and several files are told apart by theirs.
  const paths = files.map((path) => ({ bytes: Buffer.from(path) }))
  const redaction = redactText([...sources, ...paths], { matcher: shippedMatcher(), derive: deriveCandidates })
  if (check) {
    process.stderr.write(`audit-deps: ${told(redaction)}\n`)
    return redaction.map.size === 0 ? 0 : 1
  }
  if (map !== undefined) await keep(map, redaction.map)
  const texts = redaction.texts.slice(0, sources.length)
  return print(redaction.texts.slice(sources.length).map(String), texts)
}

async function sourcesOf(files: readonly string[]): Promise<Source[]> {
  if (files.length === 0) return [textual({ bytes: await standardInput() })]
  return Promise.all(files.map(async (path) => textual({ path, bytes: await bytesOf(path) })))
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    const folder = (cause as NodeJS.ErrnoException).code === 'EISDIR'
    throw new AuditError('PATH_MISSING', `cannot read ${path}: ${folder ? 'it is a folder' : reasonOf(cause)}`, {
      hint: folder ? 'name the files' : 'name files that exist and that you may read; nothing was printed',
      cause,
    })
  }
}

function textual(source: Source): Source {
  if (isBinary(decodeText(source.bytes)))
    throw usage(
      `${source.path ?? 'standard input'} is binary, and redact reads text: nothing was printed`,
      'leave it out; an archive or a document must be unpacked first',
    )
  return source
}

/** Created, never overwritten: an older map may be the only way back from what it stands for. */
async function keep(file: string, map: Redaction['map']): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(Object.fromEntries(map), null, 2)}\n`, { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST'
    throw new AuditError(
      'OUTPUT_UNWRITABLE',
      `cannot write the map ${file}: ${exists ? 'it exists' : reasonOf(cause)}`,
      {
        hint: exists ? 'a map is never overwritten: name another file, or remove this one' : 'name another file',
        cause,
      },
    )
  }
  process.stderr.write(`audit-deps: ${file} holds ${values(map.size)} in clear: keep it on this machine\n`)
}

async function restored(sources: readonly Source[], file: string): Promise<readonly string[]> {
  const map = mapOf(file, (await bytesOf(file)).toString())
  return sources.map(({ bytes }) => restoreText(decodeText(bytes).toString(), map))
}

function mapOf(file: string, text: string): ReadonlyMap<string, string> {
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>)
    if (entries.every((entry): entry is [string, string] => entry[0] !== '' && typeof entry[1] === 'string'))
      return new Map(entries)
  } catch {
    // What the parser says would show what stands there.
  }
  throw new AuditError('CONFIG_INVALID', `${file} is no map of redact`, { hint: 'name the file that --map wrote' })
}

/** Several files each under a line with their name, as head(1) prints them. */
function print(paths: readonly string[], texts: readonly (Buffer | string)[]): number {
  for (const [index, text] of texts.entries()) {
    if (texts.length > 1) process.stdout.write(`${index === 0 ? '' : '\n'}==> ${paths[index]} <==\n`)
    process.stdout.write(text)
  }
  return 0
}

const kinds = {
  secret: ['secret', 'secrets'],
  address: ['internal address', 'internal addresses'],
  host: ['internal host', 'internal hosts'],
  email: ['e-mail address', 'e-mail addresses'],
  card: ['card number', 'card numbers'],
} as const satisfies Record<RedactedKind, readonly [string, string]>

function told({ counts, map }: Redaction): string {
  if (map.size === 0) return 'nothing to redact'
  const places = Object.entries(kinds).flatMap(([kind, [one, many]]) => {
    const count = counts[kind as RedactedKind]
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]
  })
  return `would redact ${places.join(', ')} (${values(map.size)})`
}

const values = (count: number): string => `${count} ${count === 1 ? 'value' : 'different values'}`

const usage = (message: string, hint: string): AuditError => new AuditError('USAGE', message, { hint })
