import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { AuditError } from '../../src/errors.ts'
import { createMatcher } from '../../src/secrets/match.ts'
import { keepParsed, loadSignatures, ruleOfSignature } from '../../src/secrets/signatures.ts'
import { temporaryFolder } from '../support/repository.ts'

const good = `[[signature]]
id = "acme-token"
title = "Acme token"
severity = "high"
confidence = "high"
strength = "random"
anchors = ["acme_"]
after = 40
pattern = '(?<secret>acme_[0-9a-z]{20})(?![0-9a-z])'
why = "Whoever holds it is you."
fix = "Revoke it."
url = "https://acme.example/tokens"
matches = [["ac", "me_a8k2m5q9x7z3p1l4w6r0"]]
ignores = [["acme_short"]]
`

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})

const load = (...texts: readonly string[]) => {
  for (const [index, text] of texts.entries()) writeFileSync(join(folder, `${'abc'[index]}.toml`), text)
  return loadSignatures(folder)
}

it('reads a signature, joins its examples, and phrases its rule', () => {
  const { signatures, problems } = load(good)
  expect(problems).toEqual([])
  expect(signatures[0]).toMatchObject({ id: 'acme-token', after: 40, matches: ['acme_a8k2m5q9x7z3p1l4w6r0'] })
  expect(ruleOfSignature(signatures[0]!)).toEqual({
    title: 'Acme token',
    family: 'exposure',
    why: 'Whoever holds it is you.',
    fix: 'Revoke it.',
    url: 'https://acme.example/tokens',
  })
})

describe('what is wrong is named by file, id and reason, and the rest stands', () => {
  it.each([
    [
      'a bad pattern',
      ['(?![0-9a-z])', '(?![0-9a-z]'],
      'a.toml: signature "acme-token": "pattern" is no regular expression',
    ],
    ['no named group', ['(?<secret>', '(?:'], 'exactly one named group, (?<secret>…); it has none'],
    ['another named group', ['(?<secret>', '(?<a>x)?(?<secret>'], 'it has a, secret'],
    ['neither anchor nor name', ['anchors = ["acme_"]\n', ''], 'either "anchors"'],
    ['both anchor and name', ['after = 40', "name = 'acme.*key'"], 'either "anchors"'],
    ['a short anchor', ['["acme_"]', '["ac"]'], '"anchors" must be a list of printable literals'],
    ['a name that forces no literal', ['anchors = ["acme_"]', "name = '.*k[e]y?'"], '"name" must force a literal'],
    ['an unknown field', ['after = 40', 'aftr = 40'], 'unknown field "aftr", did you mean "after"?'],
    ['an unknown severity', ['"high"', '"grave"'], '"severity" must be one of info, low, medium, high, critical'],
    ['an unknown check', ['after = 40', 'check = "crc"'], '"check" must be one of'],
    ['a missing field', ['fix = "Revoke it."\n', ''], '"fix" is missing'],
    ['no examples', ['[["acme_short"]]', '[]'], '"ignores" must be a list of examples'],
    ['an id that is none', ['"acme-token"', '"Acme Token"'], '"id" must be a kebab-case name'],
    ['a window beyond bounds', ['after = 40', 'after = 99999999'], '"after" must be a whole number'],
    ['a prototype key', ['after = 40', '__proto__ = 40'], 'unknown field "__proto__"'],
  ] as const)('%s', (_, [from, to], reason) => {
    const other = good.replace('acme-token', 'other-token')
    const { signatures, problems } = load(good.replace(from, to), other)
    expect(signatures.map(({ id }) => id)).toEqual(['other-token'])
    expect(problems).toHaveLength(1)
    expect(problems[0]).toBeInstanceOf(AuditError)
    expect(problems[0]).toMatchObject({ code: 'SIGNATURE_INVALID' })
    expect(problems[0]!.message).toContain(reason)
    expect(problems[0]!.message).toContain('a.toml')
  })

  it('a duplicate id', () => {
    const { signatures, problems } = load(good, good)
    expect(signatures).toHaveLength(1)
    expect(problems[0]!.message).toBe('b.toml: signature "acme-token": its id is taken by an earlier signature')
  })

  it('a file that is not TOML, and one of another kind', () => {
    const { signatures, problems } = load('= [', 'title = "no signatures"\n', good)
    expect(signatures).toHaveLength(1)
    expect(problems.map(({ message }) => message.slice(0, 7))).toEqual(['a.toml:', 'b.toml:'])
  })

  it('a folder that is not there', () => {
    expect(loadSignatures(join(folder, 'none')).problems[0]!.message).toContain('cannot read the signatures')
  })
})

describe('what the build keeps', () => {
  const kept = () => join(folder, 'kept.json')

  it('says of the shipped signatures what their TOML says', () => {
    keepParsed(undefined, kept())
    const shipped = JSON.parse(readFileSync(kept(), 'utf8'))
    expect(loadSignatures(undefined, kept())).toEqual(loadSignatures(undefined, undefined))
    // It was really read, not passed over: what it says differently comes through.
    shipped.tables[0][1][0].title = 'Kept'
    writeFileSync(kept(), JSON.stringify(shipped))
    expect(loadSignatures(undefined, kept()).signatures[0]!.title).toBe('Kept')
  })

  it.each([
    ['a file changed', () => writeFileSync(join(folder, 'a.toml'), good.replace('Acme token', 'Acme tokem'))],
    ['a file came', () => writeFileSync(join(folder, 'b.toml'), good.replace('acme-token', 'acme-other'))],
    ['it is broken', () => writeFileSync(kept(), '{"digest": ')],
    ['it is gone', () => rmSync(kept())],
  ])('is passed over when %s', (_, change) => {
    load(good)
    keepParsed(folder, kept())
    change()
    expect(loadSignatures(folder, kept())).toEqual(loadSignatures(folder))
  })

  it('holds no signature that cannot be used', () => {
    load(good, good)
    expect(() => keepParsed(folder, kept())).toThrow(AuditError)
  })
})

it('a name found by a literal in the middle of its pattern is matched', () => {
  const named = good
    .replace('anchors = ["acme_"]\n', "name = '(?:prod|dev)_?acme[_-]?(?:id|key)'\n")
    .replace(/pattern = .*/, "pattern = '(?<secret>[0-9a-f]{16})'")
  const matcher = createMatcher(load(named).signatures)
  const rules = (text: string): string[] => matcher.match(Buffer.from(text)).map(({ rule }) => rule)
  expect(rules('DEV_ACME_KEY="0d5f82364c9e1b7a"')).toContain('acme-token')
  expect(rules('DEV_ACME_KEY="0d5f82364c9e1b7a00"')).not.toContain('acme-token')
  expect(rules('OLD_ACME_KEY="0d5f82364c9e1b7a"')).not.toContain('acme-token')
})
