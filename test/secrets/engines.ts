// Histories made to tell the engines apart: files whose versions are edited at every joint a delta can have, with
// secrets, pieces of secrets and what only looks like them; committed by `git fast-import`, packed in several ways.

import fc from 'fast-check'
import { listAll } from '../../src/git/objects.ts'
import { readObjects } from '../../src/git/read.ts'
import { openRepository } from '../../src/git/repository.ts'
import { matchDeeply } from '../../src/secrets/derive.ts'
import type { Candidate } from '../../src/secrets/match.ts'
import { matchPacks } from '../../src/secrets/pool.ts'
import { objectsIn } from '../../src/secrets/tally.ts'
import { decodeText, shippedMatcher } from '../../src/secrets/text.ts'
import type { TemporaryRepository } from '../support/repository.ts'

export const matcher = shippedMatcher()

const tokens = [
  ['gh', 'p_16C7e42F292c6912E7710c838347Ae178B4a'].join(''),
  ['AK', 'IAQYLPMN5HHHFPZAM2'].join(''),
  ['xox', 'b-263594206564-2343594206574-FGqddMF8t08v8N7Oq4i57vs1'].join(''),
  ['sk_', 'live_4eC39HqLyjWDarjtT1zdp7dcUYVwh9Jk'].join(''),
  ['gl', 'pat-7Kz9QmW2xLpR4nVt8sBd'].join(''),
]
const pem = [
  ['-----BEGIN RSA', ' PRIVATE KEY-----'].join(''),
  ...Array.from({ length: 12 }, (_, i) =>
    Buffer.from(`line ${i} of a key that opens nothing at all..`).toString('base64'),
  ),
  ['-----END RSA', ' PRIVATE KEY-----'].join(''),
].join('\n')

const token = fc.constantFrom(...tokens)
const word = fc.constantFrom(
  'value',
  'return',
  'const',
  'the',
  'a',
  'function',
  'import',
  'key',
  'password',
  'token',
  '{',
  '}',
  '"',
  "'",
  ';',
)

/** A run of bytes as files hold them. */
const piece = fc.oneof(
  { weight: 6, arbitrary: fc.array(word, { minLength: 1, maxLength: 40 }).map((words) => `${words.join(' ')}\n`) },
  { weight: 3, arbitrary: token.map((one) => `key: ${one}\n`) },
  { weight: 2, arbitrary: token.map((one) => one.slice(0, 9)) },
  { weight: 2, arbitrary: token.map((one) => one.slice(9)) },
  { weight: 2, arbitrary: token.map((one) => Buffer.from(`{"secret": "${one}"}`).toString('base64')) },
  { weight: 1, arbitrary: token.map((one) => Buffer.from(one).toString('hex')) },
  { weight: 2, arbitrary: token.map((one) => `const t = '${one.slice(0, 12)}' +\n  '${one.slice(12)}'\n`) },
  { weight: 1, arbitrary: token.map((one) => `const t = ['${one.slice(0, 8)}', '${one.slice(8)}'].join('')\n`) },
  { weight: 1, arbitrary: token.map((one) => `const a = '${one.slice(0, 12)}'\nconst b = '${one.slice(12)}'\n`) },
  { weight: 1, arbitrary: fc.constant('f(a + b)\n') },
  { weight: 2, arbitrary: fc.constant(`${pem}\n`) },
  { weight: 1, arbitrary: fc.constant(pem.slice(0, 300)) },
  { weight: 2, arbitrary: fc.constant('password = "tr0ub4dor&3xQ"\n') },
  { weight: 1, arbitrary: fc.constant('apiVersion: v1\nkind: Secret\ndata:\n') },
  { weight: 1, arbitrary: fc.constant(`  password: ${Buffer.from('tr0ub4dor&3').toString('base64')}\n`) },
  { weight: 1, arbitrary: fc.constant('\0') },
  { weight: 1, arbitrary: fc.constant('\u00ef\u00bb\u00bf') },
  { weight: 1, arbitrary: fc.constant('\r\n') },
  { weight: 1, arbitrary: fc.nat({ max: 5000 }).map((length) => 'x'.repeat(length)) },
  { weight: 1, arbitrary: fc.nat({ max: 800 }).map((length) => ' '.repeat(length)) },
)

const edit = fc.record({
  kind: fc.constantFrom('insert', 'insert', 'insert', 'delete', 'replace', 'repeat', 'move', 'mark', 'wide', 'lines'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.nat({ max: 12 }), fc.nat({ max: 3000 })),
  piece,
})

/** The versions of one file, oldest first, as latin1. */
const file = fc
  .tuple(fc.array(piece, { minLength: 1, maxLength: 40 }), fc.array(edit, { minLength: 1, maxLength: 9 }))
  .map(([pieces, edits]) => {
    const versions = [pieces.join('')]
    for (const one of edits) versions.push(edited(versions.at(-1)!, one))
    return versions
  })

function edited(
  text: string,
  { kind, at, length, piece }: { kind: string; at: number; length: number; piece: string },
) {
  const start = Math.floor(at * text.length)
  const end = Math.min(text.length, start + length)
  switch (kind) {
    case 'insert':
      return text.slice(0, start) + piece + text.slice(start)
    case 'delete':
      return text.slice(0, start) + text.slice(end)
    case 'replace':
      return text.slice(0, start) + piece + text.slice(end)
    case 'repeat':
      return text.slice(0, end) + text.slice(start)
    case 'move':
      return text.slice(start, end) + text.slice(0, start) + text.slice(end)
    case 'mark':
      return `\xff\xfe${text}`
    case 'wide':
      return Buffer.from(text, 'utf16le').toString('latin1')
    default:
      return text.replaceAll('\n', '\r\n')
  }
}

export const history = fc.record({
  files: fc.array(file, { minLength: 1, maxLength: 40 }),
  messages: fc.array(piece, { maxLength: 5 }),
  pack: fc.record({
    depth: fc.constantFrom(1, 5, 50, 250),
    window: fc.constantFrom(2, 10, 50),
    /** Versions committed after the first packing: into a second pack, or left loose. */
    later: fc.constantFrom('none', 'second pack', 'loose'),
    first: fc.constantFrom('packed', 'loose'),
  }),
})

type History = typeof history extends fc.Arbitrary<infer H> ? H : never

/** Writes the history into an empty repository. */
export function build({ git, gitWith }: TemporaryRepository, { files, messages, pack }: History): void {
  const rounds = Math.max(...files.map((versions) => versions.length))
  const cut = pack.later === 'none' ? rounds : Math.ceil(rounds / 2)
  const repack = () => {
    if (pack.first === 'packed') git('repack', '-adfq', `--depth=${pack.depth}`, `--window=${pack.window}`)
  }
  const commits = (from: number, to: number): Buffer =>
    Buffer.concat(
      Array.from({ length: to - from }, (_, i) =>
        commit(from + i, files, messages[from + i] ?? `round ${from + i}`, i === 0 && from > 0),
      ),
    )
  gitWith(commits(0, cut), 'fast-import', '--quiet', '--date-format=now')
  repack()
  if (cut === rounds) return
  gitWith(commits(cut, rounds), 'fast-import', '--quiet', '--date-format=now')
  if (pack.later === 'second pack') git('repack', '-dq')
}

function commit(round: number, files: readonly (readonly string[])[], message: string, goesOn: boolean): Buffer {
  const text = Buffer.from(message, 'latin1')
  const parts = [
    Buffer.from(`commit refs/heads/main\ncommitter A <a@b> now\ndata ${text.length}\n`),
    text,
    Buffer.from('\n'),
  ]
  if (goesOn) parts.push(Buffer.from('from refs/heads/main^0\n'))
  for (const [index, versions] of files.entries()) {
    const version = versions[round]
    if (version === undefined) continue
    const content = Buffer.from(version, 'latin1')
    parts.push(Buffer.from(`M 100644 inline f${index}.js\ndata ${content.length}\n`), content, Buffer.from('\n'))
  }
  return Buffer.concat(parts)
}

export const key = ({ rule, start, end, from, to, value, how, name }: Candidate): string =>
  JSON.stringify([rule, start, end, from, to, value, how, name])

/** What each object of the repository holds, by both engines: object id → candidates, sorted; only where there are any. */
export async function byBothEngines(folder: string) {
  const repo = await openRepository(folder)
  if (repo === undefined) throw new Error('no repository')
  const streamed = new Map<string, string[]>()
  const { objects } = await listAll(repo)
  await readObjects(repo, objects, ({ oid, data }) => add(streamed, oid, matchDeeply(matcher, decodeText(data))))
  const packed = new Map<string, string[]>()
  const read = await matchPacks(repo, matcher, { threads: 0, found: (oid, found) => add(packed, oid, found) })
  await readObjects(repo, read.rest.objects, ({ oid, data }) =>
    add(packed, oid, matchDeeply(matcher, decodeText(data))),
  )
  return { streamed, packed, objects: objects.length, checked: objectsIn(read.tally) + read.rest.objects.length, read }
}

function add(all: Map<string, string[]>, oid: string, candidates: readonly Candidate[]): void {
  if (candidates.length > 0) all.set(oid, candidates.map(key).sort())
}
