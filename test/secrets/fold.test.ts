import { describe, expect, it } from 'vitest'
import { fold } from '../../src/secrets/fold.ts'
import { mayFold } from '../../src/secrets/fold-hint.ts'

const folded = (text: string) => [...fold(Buffer.from(text))]
const values = (text: string) => folded(text).map(({ value }) => value)

describe('comes to', () => {
  it.each<[string, string]>([
    [`'ab' + "cd" + \`ef\``, 'abcdef'],
    [`'ab' /* why */ + // not\n  'cdef'`, 'abcdef'],
    [`('ab' + ('cd')) + 'ef'`, 'abcdef'],
    [`['ab', 'cd', 'ef'].join('')`, 'abcdef'],
    [`['ab', 'cd', 'ef',].join("-")`, 'ab-cd-ef'],
    [`['a', ...['b', 'c'], ...'def'].join('')`, 'abcdef'],
    [`'ab'.concat('cd', 'ef')`, 'abcdef'],
    [`['ab'].concat(['cd'], 'ef').join('')`, 'abcdef'],
    [`'fedcba'.split('').reverse().join('')`, 'abcdef'],
    [`[...'fedcba'].reverse().join('')`, 'abcdef'],
    [`'abXXcdef'.replace('XX', '')`, 'abcdef'],
    [`'a-b-c-d-e-f'.replace(/-/g, '')`, 'abcdef'],
    [`'a-b_c-d_e-f'.replace(/[-_]/g, '')`, 'abcdef'],
    [`'a-b-c-d-e-f'.replaceAll('-', '')`, 'abcdef'],
    [`'xxabcdefyy'.slice(2, -2)`, 'abcdef'],
    [`atob('YWJj' + 'ZGVm')`, 'abcdef'],
    [`window.atob("YWJjZGVm")`, 'abcdef'],
    [`Buffer.from('YWJjZGVm', 'base64').toString('utf8')`, 'abcdef'],
    [`Buffer.from('616263' + '646566', 'hex').toString()`, 'abcdef'],
    [`Buffer.from([97, 98, 0x63, 100, 101, 102]).toString()`, 'abcdef'],
    [`String.fromCharCode(97, 98, 99, 100, 101, 102)`, 'abcdef'],
    [`[97, 98, 99, 100, 101, 102].map((c) => String.fromCharCode(c)).join('')`, 'abcdef'],
    [`decodeURIComponent('%61bc%64ef')`, 'abcdef'],
    [`\`\${'abc'}\${'def'}\``, 'abcdef'],
    [`const a = 'abc'; const b = 'def'; f(a + b)`, 'abcdef'],
    [`const a: string = 'abc', b = 'def' as const\nf(\`\${a}\${b}\`)`, 'abcdef'],
    [`f(() => a + b)\nconst a = 'abc'\nconst b = 'def'`, 'abcdef'],
    [`const p = ['abc', 'def']; f(p[0] + p[1])`, 'abcdef'],
    [`const p = ['abc', 'def']; f(p.join(''))`, 'abcdef'],
    [`let a = 'abc'\na += 'def'`, 'abcdef'],
    [`'\\x61bc' + '\\u0064e\\u{66}'`, 'abcdef'],
    [`'it\\'s' + " \\"ok\\""`, `it's "ok"`],
    [`unknown() + 'abc' + 'def'`, 'abcdef'],
    [`'abc' + 'def' + unknown()`, 'abcdef'],
    [`/['"]/.test(x) ? 'abc' + 'def' : 1 / 2`, 'abcdef'],
    [`const é = "ü"; f('abc' + 'déf')`, Buffer.from('abcdéf').toString('latin1')],
    [`<p>don't</p>\n<script>f('abc' + 'def')</script>`, 'abcdef'],
    [`const x = 'broken\nf('abc' + 'def' ]]]`, 'abcdef'],
  ])('%s', (text, expected) => {
    expect(values(text)).toContain(expected)
  })
})

describe('comes to, in other languages', () => {
  it.each<[string, string]>([
    [`key = "abc" "def"`, 'abcdef'],
    [`key = ("abc"  # why\n       "def")`, 'abcdef'],
    [`key = b'abc' + b'def'`, 'abcdef'],
    [`A = 'abc'\nB = 'def'\nf(A + B)`, 'abcdef'],
    [`a = 'abc'\nf(f"{a}def")`, 'abcdef'],
    [`key = "".join(["abc", "def"])`, 'abcdef'],
    [`key = "fedcba"[::-1]`, 'abcdef'],
    [`key = base64.b64decode("YWJjZGVm").decode()`, 'abcdef'],
    [`key = bytes.fromhex("616263" + "646566").decode()`, 'abcdef'],
    [`String key = "abc" + "def";`, 'abcdef'],
    [`private static final String A = "abc"; f(A + "def")`, 'abcdef'],
    [`new StringBuilder().append("abc").append("def").toString()`, 'abcdef'],
    [`String.join("", "abc", "def")`, 'abcdef'],
    [`var key = string.Concat("abc", "def");`, 'abcdef'],
    [`const string a = "abc"; f($"{a}def")`, 'abcdef'],
    [`key := "abc" +\n\t"def"`, 'abcdef'],
    [`a := "abc"\nf(a + "def")`, 'abcdef'],
    [`$key = 'abc' . 'def';`, 'abcdef'],
    [`$a = 'abc'; f("{$a}def");`, 'abcdef'],
    [`$a = 'abc'; f($a . 'def');`, 'abcdef'],
    [`$key = implode('', ['abc', 'def']);`, 'abcdef'],
    [`$key = strrev('fedcba');`, 'abcdef'],
    [`$key = 'abc'; $key .= 'def';`, 'abcdef'],
    [`key = 'abc' 'def'`, 'abcdef'],
    [`key = 'abc' \\\n  'def'`, 'abcdef'],
    [`a = 'abc'\nf("#{a}def")`, 'abcdef'],
    [`key = ['abc', 'def'].join`, 'abcdef'],
    [`key = 'fedcba'.reverse`, 'abcdef'],
    [`val a = "abc"\nf("\${a}def")`, 'abcdef'],
    [`let key = concat!("abc", "def");`, 'abcdef'],
    [`local key = "abc" .. "def"`, 'abcdef'],
    [`Dim key = "abc" & "def"`, 'abcdef'],
    [`key = "abc" <> "def"`, 'abcdef'],
    [`const p = { a: 'abc', 'b': 'def' }; f(p.a + p['b'])`, 'abcdef'],
    [`P = {"a": "abc", "b": "def"}\nf(P["a"] + P["b"])`, 'abcdef'],
    [`self.a = 'abc'\nf(self.a + 'def')`, 'abcdef'],
  ])('%s', (text, expected) => {
    expect(values(text)).toContain(expected)
  })
})

describe('is not known', () => {
  it.each([
    [`'abcdef'`],
    [`f('abcdef', 'ghijkl')`],
    [`x + 'abcdef'`],
    [`const a = 'abc'; a = 'xyz'; f(a + 'def')`],
    [`'abc' - 'def'`],
    [`['abc', f()].join('')`],
    [`'a,b'.split(/,/)`],
    [`// 'abc' + 'def'`],
    [`/* 'abc' + 'def' */`],
    [`'abcdef'.replace(/(a+)+$/, '')`],
    [`const a = b + 'x', b = a + 'y'; f(a + b)`],
    [`abcdef.join('')`],
    [`i = 0 if n\ni += 1`],
    [`let a = 'a'; a += 'b'`],
  ])('%s', (text) => {
    expect(values(text)).toEqual([])
  })
})

describe('the name', () => {
  it.each<[string, string | undefined]>([
    [`const apiKey = 'abc' + 'def'`, 'apiKey'],
    [`const apiKey: string =\n  'abc' +\n  'def';`, 'apiKey'],
    [`f({ apiKey: 'abc' + 'def' })`, 'apiKey'],
    [`f({ 'api-key': ['abc', 'def'].join('') })`, 'api-key'],
    [`config.apiKey = 'abc' + 'def'`, 'apiKey'],
    [`const apiKey = process.env.KEY || 'abc' + 'def'`, 'apiKey'],
    [`const apiKey = process.env['KEY'] ?? 'abc' + 'def'`, 'apiKey'],
    [`let apiKey = 'abc'; apiKey += 'def'`, 'apiKey'],
    [`const apiKey = 'abc' + 'def' + rest()`, undefined],
    [`const apiKey = \`abc\${f()}\${'def'}\``, undefined],
    [`f('abc' + 'def')`, undefined],
    [`if (apiKey === 'abc' + 'def') {}`, undefined],
  ])('%s', (text, expected) => {
    expect(folded(text).map(({ name }) => name)).toEqual([expected])
  })
})

it('spans the whole expression and remembers pieces elsewhere, in bytes', () => {
  const text = `/* öäü */ const a = 'abc' // 😀\nf(a + 'def', 1)`
  const bytes = Buffer.from(text)
  const [found] = folded(text)
  const cut = ({ start, end }: { start: number; end: number }) => bytes.subarray(start, end).toString()
  expect(cut(found!)).toBe(`a + 'def'`)
  expect(found!.elsewhere.map(cut)).toEqual([`'abc'`])
})

describe('the hint', () => {
  it.each<[string, string | undefined, boolean]>([
    [`f('gh' + 'p_x7Kq29x' + 'LwPz04TnEb')`, 'a.ts', true],
    [`f(['x', '7', 'K', 'q', '2', '9', 'x', 'L', 'w', 'P', 'z', '0', '4'].join(''))`, 'a.jsx', true],
    [`const a = 'x7Kq29xLwPz0'; f(\`\${a}\${b}\`)`, undefined, true],
    [`String.fromCharCode(103, 104, 112, 95, 120, 55, 75, 113, 50, 57, 120, 76)`, 'a.mjs', true],
    [`f('gh' + 'p_x7Kq29x' + 'LwPz04TnEb')`, 'a.py', true],
    [`f('gh' + 'p_x7Kq29x' + 'LwPz04TnEb')`, 'a.css', false],
    [`{"integrity": "sha512-x7Kq29xLwPz04TnEb"}`, undefined, false],
    [`import x from './getElementById.js'; f(['alpha', 'beta', 'gamma', 'delta'].join(' '))`, 'a.ts', false],
    [`el.className = 'btn btn-primary ' + (on ? 'is-on' : '')`, 'a.ts', false],
  ])('%s', (text, path, expected) => {
    expect(mayFold(Buffer.from(text), path)).toBe(expected)
  })
})
