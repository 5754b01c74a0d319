import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { AuditError } from '../../src/errors.ts'
import { settle } from '../../src/secrets/filters.ts'
import { loadGitleaksConfig, withExtraRules } from '../../src/secrets/gitleaks.ts'
import { parseGitleaksIgnore } from '../../src/secrets/gitleaks-ignore.ts'
import { createMatcher } from '../../src/secrets/match.ts'

const secret = 'k7Qz2mXw9Lp4'
const rule = (more = '', id = 'acme-key') => `[[rules]]\nid = "${id}"\nregex = '''acme_([0-9A-Za-z]{12})'''\n${more}\n`

/** Loads from texts by name; `a.toml` is the one asked for. */
const load = (text: string, others: Record<string, string> = {}) =>
  loadGitleaksConfig('a.toml', async (file) => {
    const found = new Map(Object.entries({ 'a.toml': text, ...others })).get(file)
    if (found === undefined) throw new Error(`no such file: ${file}`)
    return found
  })

const values = async (toml: string, text: string, place?: { path?: string; commit?: string }) =>
  (await load(toml)).match(Buffer.from(text), place).map(({ value }) => value)

describe('rules', () => {
  it('a match becomes a candidate that the filters know', async () => {
    const extra = await load(rule('description = "Acme key"'))
    expect(extra.problems).toEqual([])
    const bytes = Buffer.from(`é key = "acme_${secret}"\n`)
    const candidates = extra.match(bytes)
    expect(candidates).toMatchObject([{ rule: 'acme-key', value: secret, from: 0, to: bytes.length }])
    expect(bytes.toString('utf8', candidates[0]!.start, candidates[0]!.end)).toBe(secret)
    const { settled } = settle(candidates, { bytes, signatures: extra.signatures })
    expect(settled).toMatchObject([{ rule: 'acme-key', severity: 'high', strength: 'guessable' }])
    expect(extra.signatures.get('acme-key')?.title).toBe('Acme key')
  })

  it('runs beside our own signatures', async () => {
    const matcher = withExtraRules(createMatcher([]), await load(rule('keywords = ["acme"]')))
    const bytes = Buffer.from(`password = "tr0ub4dor&3x"; x = acme_${secret}`)
    expect(matcher.match(bytes).map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['generic-password', 'acme-key']),
    )
    expect([...matcher.signatures.keys()]).toEqual(expect.arrayContaining(['generic-password', 'acme-key']))
    expect(matcher.match(bytes, 0, 30).map(({ rule }) => rule)).not.toContain('acme-key')
  })

  test.each([
    ['the first group by default', "regex = '''a(x)?(\\d+)'''", 'ax12', ['x']],
    ['the first that took part', "regex = '''a(x)?(\\d+)'''", 'a12', ['12']],
    ['the whole match without groups', "regex = '''a\\d+'''", 'a12 a3', ['a12', 'a3']],
    ['the group named', "regex = '''(a)(\\d+)'''\nsecretGroup = 2", 'a12', ['12']],
    ['the group named, where it took no part', "regex = '''(a)(\\d+)?'''\nsecretGroup = 2", 'a', []],
    [
      'entropy above the bound',
      "regex = '''k=(\\w+)'''\nentropy = 2.0",
      'k=aaaaaaaa k=abcdabcd k=abcdefgh',
      ['abcdefgh'],
    ],
    ['a keyword in any case', "regex = '''k=(\\w+)'''\nkeywords = [\"ACME\", \"other\"]", 'Acme k=v', ['v']],
    ['no keyword', "regex = '''k=(\\w+)'''\nkeywords = [\"acme\"]", 'k=v', []],
    ['a keyword beyond ASCII', "regex = '''k=(\\w+)'''\nkeywords = [\"ÄCME\"]", 'äcme k=v', ['v']],
    ['keys in any case', "regex = '''k=(\\w+)'''\nSecretgroup = 1\nEntropy = 1", 'k=ab12', ['ab12']],
    ['inline flags', "regex = '''(?i)KEY=(\\w+)'''", 'key=v', ['v']],
  ])('%s', async (_, body, text, expected) => {
    expect(await values(`[[rules]]\nid = "r"\n${body}\n`, text)).toEqual(expected)
  })

  it('"path" holds where a path is known; without one everything is a candidate', async () => {
    const toml = rule("path = '''\\.env$'''")
    const text = `acme_${secret}`
    expect(await values(toml, text, { path: 'app/.env' })).toEqual([secret])
    expect(await values(toml, text, { path: 'app/env.ts' })).toEqual([])
    expect(await values(toml, text)).toEqual([secret])
  })
})

describe('allowlists', () => {
  const allowed = async (list: string, place = {}, header = '[[rules.allowlists]]') =>
    (await values(`${rule()}${header}\n${list}\n`, `x: acme_${secret} # sample\n`, place)).length === 0

  test.each([
    ['a regex on the secret', "regexes = ['''^k7Q''']", {}, true],
    ['a regex that is about the match', "regexes = ['''^acme''']", {}, false],
    ['on the match', "regexTarget = \"match\"\nregexes = ['''^acme''']", {}, true],
    ['on the line', "regexTarget = \"line\"\nregexes = ['''# sample$''']", {}, true],
    ['a stopword in any case', 'stopwords = ["K7QZ"]', {}, true],
    ['another stopword', 'stopwords = ["acme"]', {}, false],
    ['a path', "paths = ['''tests/''']", { path: 'app/tests/a.env' }, true],
    ['another path', "paths = ['''tests/''']", { path: 'app/a.env' }, false],
    ['a path that nobody knows', "paths = ['''tests/''']", {}, false],
    ['a commit', 'commits = ["ABC123"]', { commit: 'abc123' }, true],
    ['another commit', 'commits = ["abc124"]', { commit: 'abc123' }, false],
    ['one of two', 'commits = ["abc"]\nstopwords = ["k7q"]', {}, true],
    ['both of two', 'condition = "AND"\npaths = ["tests"]\nstopwords = ["k7q"]', { path: 'tests/a' }, true],
    ['not both of two', 'condition = "AND"\npaths = ["tests"]\nstopwords = ["k7q"]', { path: 'a' }, false],
  ] as const)('%s', async (_, list, place, expected) => {
    expect(await allowed(list, place)).toBe(expected)
    expect(await allowed(list, place, '[rules.allowlist]')).toBe(expected)
    expect(await allowed(list, place, '[allowlist]')).toBe(expected)
    expect(await allowed(list, place, '[[allowlists]]')).toBe(expected)
  })

  it('targetRules name the rules that a global one is for', async () => {
    const both = `${rule()}${rule('', 'other')}[[allowlists]]\ntargetRules = ["other"]\nstopwords = ["k7q"]\n`
    const extra = await load(both)
    expect(extra.match(Buffer.from(`acme_${secret}`)).map(({ rule }) => rule)).toEqual(['acme-key'])
  })
})

describe('[extend]', () => {
  it('useDefault is said not to be applied, and what refines a default rule too', async () => {
    const extra = await load(`[extend]\nuseDefault = true\n${rule()}[[rules]]\nid = "theirs"\n`)
    expect(extra.problems).toEqual([])
    expect(extra.notes.join('\n')).toMatch(/useDefault.*not applied[\s\S]*"theirs" refines/)
    expect([...extra.signatures.keys()]).toEqual(['acme-key'])
  })

  it('path brings rules in: overridden, appended to, disabled', async () => {
    const extra = await load(
      `[extend]\npath = "base.toml"\ndisabledRules = ["gone"]\n[[rules]]\nid = "acme-key"\nkeywords = ["b"]\n[[rules.allowlists]]\nstopwords = ["zzz"]\n`,
      { 'base.toml': `${rule('keywords = ["a"]')}${rule('', 'gone')}${rule('', 'kept')}` },
    )
    expect(extra.problems).toEqual([])
    expect([...extra.signatures.keys()]).toEqual(['acme-key', 'kept'])
    expect(extra.signatures.get('acme-key')?.anchors).toEqual(['a', 'b'])
    expect(extra.match(Buffer.from('acme_zzzzzzzzzzzz')).map(({ rule }) => rule)).toEqual(['kept'])
  })

  it('files that extend each other come to an end', async () => {
    const extra = await load(`[extend]\npath = "a.toml"\n${rule()}`)
    expect(extra.problems.map(({ message }) => message).join()).toMatch(/gitleaks follows 2 files/)
    expect(extra.match(Buffer.from(`acme_${secret}`))).toHaveLength(1)
  })
})

describe('what is wrong is named by file, rule and reason, and the rest stands', () => {
  test.each([
    ['a bad pattern', "[[rules]]\nid = 'bad'\nregex = '('", 'a.toml: rule "bad": "regex" is no RE2 pattern'],
    ['a lookahead', "[[rules]]\nid = 'bad'\nregex = 'a(?=b)'", 'a.toml: rule "bad": "regex" is no RE2 pattern'],
    ['a bad path', rule("path = '['", 'bad'), 'rule "bad": "path" is no RE2 pattern'],
    ['a bad allowlist', rule("[[rules.allowlists]]\npaths = ['[']", 'bad'), 'rule "bad": a path of an allowlist'],
    ['a group too many', rule('secretGroup = 2', 'bad'), 'its pattern has 1 groups'],
    ['no id', "[[rules]]\nregex = 'a'", 'rule number 2: "id" must be'],
    ['a hostile id', "[[rules]]\nid = 'a\\u001b'\nregex = 'a'", '"id" must be'],
    ['a path alone', "[[rules]]\nid = 'bad'\npath = 'a'", 'rule "bad": a rule with "path" alone'],
    ['nothing at all', "[[rules]]\nid = 'bad'", 'rule "bad": "regex" is missing'],
    ['a duplicate', rule('', 'acme-key'), 'rule "acme-key": its id is taken'],
    ['entropy that is none', rule('entropy = "high"', 'bad'), '"entropy" must be a number'],
    ['keywords that are none', rule('keywords = "a"', 'bad'), '"keywords" must be a list'],
    ['a composite rule', rule("[[rules.required]]\nid = 'x'", 'bad'), '"required" is not supported'],
    ['an auxiliary rule', rule('skipReport = true', 'bad'), '"skipReport" serves composite rules'],
    ['an unknown field', rule('severity = "high"', 'bad'), 'rule "bad": unknown field "severity"'],
    ['an empty allowlist', rule("[[rules.allowlists]]\ndescription = 'x'", 'bad'), 'it allows nothing'],
    ['an unknown condition', rule("[[rules.allowlists]]\ncondition = 'XOR'\npaths = ['a']", 'bad'), 'AND or OR'],
    ['an unknown target', rule("[[rules.allowlists]]\nregexTarget = 'x'\nregexes = ['a']", 'bad'), '"regexTarget"'],
    ['old and new allowlists', "[allowlist]\npaths = ['x']\n[[allowlists]]\npaths = ['y']", 'exclude each other'],
    ['a prototype key', "[[rules]]\nid = 'bad'\nregex = 'a'\n__proto__ = 1", 'unknown field "__proto__"'],
    ['a missing file', '[extend]\npath = "none.toml"', 'none.toml: it cannot be read'],
    ['useDefault and path', '[extend]\nuseDefault = true\npath = "x"', 'either useDefault or path'],
  ])('%s', async (_, broken, reason) => {
    const extra = await load(`${rule()}${broken}\n`.replace(/^([\s\S]*?)(\[extend\][\s\S]*)$/, '$2$1'))
    expect(extra.problems[0]).toBeInstanceOf(AuditError)
    expect(extra.problems[0]).toMatchObject({ code: 'SIGNATURE_INVALID' })
    expect(extra.problems.map(({ message }) => message).join('\n')).toContain(reason)
    expect(extra.match(Buffer.from(`acme_${secret}`)).map(({ rule }) => rule)).toContain('acme-key')
  })

  it('a file that is not TOML is one problem, and shows nothing of the file', async () => {
    const extra = await load(`token = ${secret}\n`)
    expect(extra.problems).toHaveLength(1)
    expect(extra.problems[0]!.message).toMatch(/^a\.toml: it cannot be read/)
    expect(extra.problems[0]!.message).not.toContain(secret)
    expect(extra.match(Buffer.from('x'))).toEqual([])
  })
})

test('patterns that would stall a backtracking engine do not stall this one', async () => {
  const extra = await load(`[[rules]]\nid = "evil"\nregex = '''(a+)+$x|(?:a|aa)+b'''\n`)
  const begin = performance.now()
  expect(extra.match(Buffer.from('a'.repeat(1_000_000)))).toEqual([])
  expect(performance.now() - begin).toBeLessThan(2000)
})

describe('.gitleaksignore', () => {
  const commit = 'a'.repeat(40)
  const known = new Set(['github-pat', 'generic-api-key', 'generic-password'])
  const ignored = (text: string, given: object = {}) =>
    parseGitleaksIgnore(text, known).isIgnored({ commit, path: 'src/a.ts', rule: 'github-pat', line: 3, ...given })

  test.each([
    ['file, rule and line', 'src/a.ts:github-pat:3', {}, true],
    ['with the commit', `${commit}:src/a.ts:github-pat:3`, {}, true],
    ['with another commit', `${'b'.repeat(40)}:src/a.ts:github-pat:3`, {}, false],
    ['with a commit, found outside of any', `${commit}:src/a.ts:github-pat:3`, { commit: undefined }, false],
    ['another line', 'src/a.ts:github-pat:4', {}, false],
    ['another file', 'src/b.ts:github-pat:3', {}, false],
    ['a rule that we share and that is another', 'src/a.ts:generic-password:3', {}, false],
    ['a rule of gitleaks that we do not know', 'src/a.ts:some-rule-of-theirs:3', {}, true],
    ['their generic rule', 'src/a.ts:generic-api-key:3', {}, true],
    ['a path with a colon', 'src/a:b.ts:github-pat:3', { path: 'src/a:b.ts' }, true],
    ['a path of another system', 'src\\a.ts:github-pat:3', {}, true],
    ['a comment', '# src/a.ts:github-pat:3', {}, false],
    ['blanks and CRLF', '  src/a.ts:github-pat:3 \r\n', {}, true],
  ])('%s', (_, text, given, expected) => expect(ignored(text, given)).toBe(expected))

  it('a line that is no fingerprint is named, and the rest stands', () => {
    const { entries, problems, isIgnored } = parseGitleaksIgnore('src/a.ts\nsrc/a.ts:x:1\nsrc/a.ts:x:one\n', known)
    expect(entries).toBe(1)
    expect(problems.map(({ message }) => message)).toEqual([
      '.gitleaksignore: line 1 is no fingerprint',
      '.gitleaksignore: line 3 is no fingerprint',
    ])
    expect(isIgnored({ path: 'src/a.ts', rule: 'x', line: 1 })).toBe(true)
  })

  it('reads any text', () => {
    fc.assert(
      fc.property(
        fc.string(),
        (text) => void parseGitleaksIgnore(text, known).isIgnored({ path: 'a', rule: 'b', line: 1 }),
      ),
    )
  })
})
