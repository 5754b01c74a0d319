// A megabyte in one line, made to hurt: no input may stall a scan. All rules together take 2 to 200 ms on a quiet
// machine; the bound leaves room for a busy one, and what is not linear would need minutes. The fastest of some runs
// counts, for the first ones compile.

import { expect, it } from 'vitest'
import { settle } from '../../src/secrets/filters.ts'
import { createMatcher } from '../../src/secrets/match.ts'
import { allSignatures } from '../../src/secrets/signatures.ts'
import type { Signature } from '../../src/types.ts'

const { signatures } = allSignatures()
const matcher = createMatcher(signatures)
const megabyte = 1_000_000
const bound = 1000

const sample = 20_000
const enough = (bound * sample) / megabyte
/** Longer than what any pattern sees, before a hit and behind it. */
const part = 2 * Math.max(matcher.farthest.before, matcher.farthest.after)
const together = 4
/** What follows an anchor: nothing, a little, a value, and what a pattern might read on for. */
const tails = ['', '0aB9', 'x7Kq29xLwPz04TnEb7v81mQz07LrTkW5', '(', ' a', ', "a"'] as const
const units: readonly string[] = [
  ...['a', '"', '=', ' ', ':', '/', '\\', '-', '.', '_', '\t', '\n', '\0', '\xff', '@', '(', '<', '{'],
  ...[
    '://',
    '://a:b',
    '://a:bcd@h',
    'key:',
    'key=',
    'key.',
    'key-',
    ',key:',
    ' key: ',
    '"key":',
    'token ',
    '"token", ',
  ],
  ...[
    'password',
    'password=',
    'password="',
    "password='",
    'password: ',
    'password="aA1!bcd" ',
    'password=aA1!bcd;',
    '<password>',
  ],
  ...['secret\n', '"secret" ', 'variable "secret" { a ', 'secret = (', 'secret: string ', 'machine login password '],
  ...[
    'curl ',
    'curl -u a',
    '-u ',
    '--user a:b',
    'Bearer ',
    'Basic aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'Authorization: ',
  ],
  ...[
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN RSA PRIVATE KEY-----\\n',
    'eyJ',
    'eyJhbGciOiJIUzI1NiJ9.',
    'gitleaks:allow ',
  ],
]

it.each(units.map((unit) => [JSON.stringify(unit), unit] as const))('%s over and over', (_, unit) => {
  expect(fastest(repeated(unit, megabyte), bound)).toBeLessThan(bound)
})

// Everything that wakes a signature, over and over: its anchors, bare and with something behind, its examples, and those
// cut short, so that the pattern reads far and in vain. Smaller texts, for there are thousands: no pattern sees more than
// a window of fixed size, and what is dear per hit shows here as well.
it.each(signatures.map(({ id }, index) => [id, index] as const))('what wakes %s, over and over', (_, index) => {
  const units = [...triggers(signatures[index]!)]
  for (let at = 0; at < units.length; at += together) {
    const some = units.slice(at, at + together)
    // What is quick enough together, by the bound of one, is so alone; else each is asked.
    const all = Buffer.concat(some.map((unit) => repeated(unit, part)))
    const enoughOfOne = (enough * part) / sample
    if (fastest(all, enoughOfOne, 2) < enoughOfOne) continue
    for (const unit of some) expect(fastest(repeated(unit, sample), enough), unit).toBeLessThan(enough)
  }
})

function triggers({ anchors = [], matches, ignores }: Signature): Set<string> {
  const bare = anchors.flatMap((anchor) => tails.map((tail) => anchor + tail))
  const examples = [...matches, ...ignores].flatMap((text) => [text, `${text}\n`, text.slice(0, -3)])
  return new Set([...bare, ...examples, ...matches.map((text) => text.slice(0, text.length / 2))].filter(Boolean))
}

it.each([
  [
    'base64',
    Buffer.from(Array.from({ length: megabyte }, (_, i) => (i * 7919) % 251))
      .toString('base64')
      .slice(0, megabyte),
  ],
  ['hex', Buffer.from(Array.from({ length: megabyte / 2 }, (_, i) => (i * 7919) % 251)).toString('hex')],
  ['a name and a megabyte of spaces', `password${' '.repeat(megabyte)}`],
  ['a name and a megabyte of value', `password="${'aB3!'.repeat(megabyte / 4)}`],
  ['a megabyte of name', `${'password_'.repeat(megabyte / 9)}="x"`],
  ['an endless user', `://${'a'.repeat(megabyte)}`],
] as const)('%s', (_, text) => {
  expect(fastest(Buffer.from(text, 'latin1'), bound)).toBeLessThan(bound)
})

const repeated = (unit: string, size: number): Buffer =>
  Buffer.from(unit.repeat(Math.ceil(size / unit.length)), 'latin1')

/** In milliseconds of this process's processor time: what else runs on the machine counts less there. */
function fastest(bytes: Buffer, enough: number, runs = 20): number {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < runs && best >= enough; run++) {
    const begin = process.cpuUsage()
    matcher.match(bytes)
    const { user, system } = process.cpuUsage(begin)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}

it('settling a megabyte of passwords is bounded too', () => {
  const bytes = Buffer.from('password="aA1!bcd" '.repeat(megabyte / 19))
  const candidates = matcher.match(bytes)
  expect(candidates.length).toBeGreaterThan(50_000)
  const begin = process.cpuUsage()
  settle(candidates, { bytes, path: 'a.yaml', signatures: matcher.signatures })
  expect(process.cpuUsage(begin).user / 1000).toBeLessThan(5000)
})
