import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  baselineFile,
  createBaseline,
  formatBaseline,
  linesFor,
  parseBaseline,
  readBaseline,
  writeBaseline,
} from '../src/baseline.ts'
import { AuditError } from '../src/errors.ts'
import { finding } from '../src/finding.ts'
import { harmless, preview } from '../src/redact.ts'
import type { Finding, GitEvidence, Life, Subject } from '../src/types.ts'
import { temporaryFolder } from './support/repository.ts'

const digest = 'd'.repeat(32)
const id = '0123456789abcdef'.repeat(2)

const place = (path: string, line = 1): GitEvidence => ({
  kind: 'git',
  object: 'blob',
  oid: 'a'.repeat(40),
  path: harmless(path),
  line,
  column: 1,
  excerpt: harmless(''),
})

const secret = (given: {
  strength?: 'random' | 'guessable'
  state?: Life['state']
  paths?: readonly [string, ...string[]]
  digest?: string
  code?: string
}): Finding => {
  const [first, ...rest] = given.paths ?? ['a.js']
  const value = 'x9'.repeat(20)
  return finding({
    code: given.code ?? 'secret/github-pat',
    scanner: 'secrets',
    subject: {
      kind: 'secret',
      digest: given.digest ?? digest,
      preview: preview(value, given.strength ?? 'random'),
    },
    severity: 'high',
    confidence: 'high',
    message: 'a token',
    evidence: [place(first), ...rest.map((path) => place(path))],
    life: { state: given.state ?? 'head' },
  })
}

const other = (subject: Subject, code = 'package/new'): Finding =>
  finding({
    code,
    scanner: 'lockfile',
    subject,
    severity: 'low',
    confidence: 'high',
    message: '',
    evidence: [place('x')],
  })

const accepts = (before: readonly Finding[], now: Finding) => {
  const lines = parseBaseline(formatBaseline(before.flatMap((found) => linesFor(found, 'known'))))
  const match = createBaseline(lines).match(now)
  return match === undefined ? 'new' : match.fresh.length === 0 ? 'accepted' : 'new places'
}

describe('what stays accepted, and what is new', () => {
  const guessable = { strength: 'guessable' } as const
  test.each<[string, Finding, Finding, ReturnType<typeof accepts>]>([
    ['the same', secret({}), secret({}), 'accepted'],
    ['moved to another file', secret({}), secret({ paths: ['b/c.js'] }), 'accepted'],
    ['changed', secret({}), secret({ digest: 'e'.repeat(32) }), 'new'],
    ['another rule’s', secret({}), secret({ code: 'secret/client-exposed' }), 'new'],
    ['history only, still', secret({ state: 'history' }), secret({ state: 'history' }), 'accepted'],
    ['history only, its branch deleted', secret({ state: 'history' }), secret({ state: 'unreachable' }), 'accepted'],
    ['history only, now in HEAD', secret({ state: 'history' }), secret({ state: 'head' }), 'new'],
    ['history only, about to enter HEAD', secret({ state: 'history' }), secret({ state: 'worktree' }), 'new'],
    ['in a stash, now in HEAD', secret({ state: 'stash' }), secret({ state: 'head' }), 'new'],
    ['in HEAD, now history', secret({}), secret({ state: 'history' }), 'accepted'],
    ['accepted before the commit', secret({ state: 'worktree' }), secret({ state: 'head' }), 'accepted'],
    ['guessable, same file', secret(guessable), secret(guessable), 'accepted'],
    ['guessable, another file', secret(guessable), secret({ ...guessable, paths: ['b.js'] }), 'new'],
    ['guessable, a second file', secret(guessable), secret({ ...guessable, paths: ['a.js', 'b.js'] }), 'new places'],
    [
      'guessable, one of two files',
      secret({ ...guessable, paths: ['a.js', 'b.js'] }),
      secret({ ...guessable, paths: ['b.js'] }),
      'accepted',
    ],
    [
      'guessable, a file called (history)',
      secret({ ...guessable, paths: ['(history)'] }),
      secret({ ...guessable, paths: ['(history)'] }),
      'accepted',
    ],
    [
      'a package',
      other({ kind: 'package', name: 'a' }),
      other({ kind: 'package', name: 'a', version: '2.0.0' }),
      'accepted',
    ],
    ['another package', other({ kind: 'package', name: 'a' }), other({ kind: 'package', name: 'b' }), 'new'],
    ['a project file', other({ kind: 'project', path: 'a b' }), other({ kind: 'project', path: 'a b' }), 'accepted'],
  ])('%s', (_title, before, now, expected) => expect(accepts([before], now)).toBe(expected))

  test('the places that are new are named', () => {
    const lines = linesFor(secret({ strength: 'guessable' }), 'known')
    const now = secret({ strength: 'guessable', paths: ['a.js', 'b.js'] })
    expect(createBaseline(lines).match(now)?.fresh).toEqual([now.evidence[1]])
  })

  test('a line cannot say one package and mean another', () => {
    const [line] = linesFor(other({ kind: 'package', name: 'evil' }), 'known')
    const lying = createBaseline([{ ...line!, place: 'package:harmless' }])
    expect(lying.match(other({ kind: 'package', name: 'evil' }))).toBeUndefined()
  })
})

describe('the file', () => {
  test('one sorted line each, no doubles, no line numbers, no times', () => {
    const found = [
      secret({ state: 'history', digest: 'b'.repeat(32) }),
      secret({ strength: 'guessable', paths: ['conf/a b.env', 'z#1'], digest: 'a'.repeat(32) }),
      secret({ state: 'history', digest: 'b'.repeat(32) }),
    ]
    const text = formatBaseline(found.flatMap((one) => linesFor(one, 'before we began')))
    expect(text.split('\n').filter((line) => !line.startsWith('#'))).toEqual([
      `${'a'.repeat(32)} secret/github-pat conf/a%20b.env  # before we began`,
      `${'a'.repeat(32)} secret/github-pat z%231  # before we began`,
      `${'b'.repeat(32)} secret/github-pat (history)  # before we began`,
      '',
    ])
  })

  test.each<[string, string, RegExp]>([
    ['a conflict begins', '<<<<<<< HEAD', /line 2 is a merge conflict/],
    ['its middle', '=======', /line 2 is a merge conflict/],
    ['its end', '>>>>>>> other', /line 2 is a merge conflict/],
    ['diff3’s base', '||||||| base', /line 2 is a merge conflict/],
    ['no reason', `${id} package/new package:a`, /line 2 is not/],
    ['an empty reason', `${id} package/new package:a  # `, /line 2 is not/],
    ['half an id', `${id.slice(1)} package/new package:a  # x`, /line 2 is not/],
    ['no code', `${id}  # x`, /line 2 is not/],
    ['a star for everything', '*  # x', /line 2 is not/],
    ['too many words', `${id} package/new a b c  # x`, /line 2 is not/],
    ['an escape sequence', `${id} package/new a  # \u001b[2J`, /line 2 is not/],
    ['text that reads backwards', `${id} package/new a  # \u202eabc`, /line 2 is not/],
    ['indented', ` ${id} package/new a  # x`, /line 2 is not/],
  ])('%s is an error that names the line', (_title, line, message) => {
    const good = `${id} package/new package:b  # fine`
    const act = () => parseBaseline(`# header\n${line}\n${good}\n`)
    expect(act).toThrow(AuditError)
    expect(act).toThrow(message)
  })

  test('the message does not quote the line: it could be anything', () =>
    expect(() => parseBaseline('root:x:0:0:root')).not.toThrow(/root/))

  test('Windows line ends, a BOM, blank lines and comments are no damage', () =>
    expect(parseBaseline(`\ufeff# a\r\n\r\n${id} package/new package:b  # fine\r\n`)).toEqual([
      { id, code: 'package/new', place: 'package:b', history: false, reason: 'fine' },
    ]))

  test('hostile paths, names and reasons: what is written is read again, and accepts the same finding', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 })
    const found = fc.oneof(
      fc.tuple(text, text).map(([a, b]) => secret({ strength: 'guessable', paths: [a, b] })),
      text.map((name) => other({ kind: 'package', name })),
      text.map((path) => other({ kind: 'project', path })),
    )
    fc.assert(
      fc.property(found, text, (one, reason) => {
        const written = formatBaseline(linesFor(one, `x${reason}`))
        const lines = parseBaseline(written)
        expect(createBaseline(lines).match(one)?.fresh).toEqual([])
        expect(formatBaseline(lines)).toBe(written)
      }),
    )
  })
})

describe('on disk', () => {
  const errorOf = async (act: Promise<unknown>) => {
    const error = await act.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(AuditError)
    return error as AuditError
  }

  test('none', async () => expect(await readBaseline(temporaryFolder())).toBeUndefined())

  test('a folder and a link are refused', async () => {
    const root = temporaryFolder()
    mkdirSync(join(root, baselineFile))
    expect((await errorOf(readBaseline(root))).message).toMatch(/no regular file/)
    const linked = temporaryFolder()
    writeFileSync(join(root, 'elsewhere'), `${id} package/new package:b  # x\n`)
    symlinkSync(join(root, 'elsewhere'), join(linked, baselineFile))
    expect((await errorOf(readBaseline(linked))).code).toBe('CONFIG_INVALID')
  })

  test('a link is replaced, what it points to is left alone, and no draft stays behind', async () => {
    const root = temporaryFolder()
    writeFileSync(join(root, 'elsewhere'), 'mine')
    symlinkSync(join(root, 'elsewhere'), join(root, baselineFile))
    await writeBaseline(root, linesFor(secret({}), 'known'))
    expect(readFileSync(join(root, 'elsewhere'), 'utf8')).toBe('mine')
    expect(readdirSync(root).sort()).toEqual([baselineFile, 'elsewhere'])
    expect(await readBaseline(root)).toHaveLength(1)
  })

  test('what a killed run of the same number left behind is in nobody’s way', async () => {
    const root = temporaryFolder()
    writeFileSync(join(root, `${baselineFile}.${process.pid}`), '')
    await writeBaseline(root, linesFor(secret({}), 'known'))
    expect(await readBaseline(root)).toHaveLength(1)
  })
})
