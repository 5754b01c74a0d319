import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodings } from '../../src/secrets/decode.ts'
import { secretManifestValues } from '../../src/secrets/manifest.ts'

const sentence = 'user=shop password=none-of-yours host=db.internal'
const all = (text: string | Buffer) => [...decodings(Buffer.from(text as string))]
const hex = (text: string) => Buffer.from(text).toString('hex')
const base64 = (text: string | Buffer) => Buffer.from(text as string).toString('base64')

describe('finds', () => {
  it.each<[string, string | Buffer, string]>([
    ['base64', `key: "${base64(sentence)}"`, 'base64'],
    ['base64url', `key: "${Buffer.from(`${sentence}?>~~`).toString('base64url')}"`, 'base64'],
    ['base64 behind other characters of its alphabet', `https/prefix-${base64(sentence)}`, 'base64'],
    [
      'base64 wrapped like MIME',
      base64(`${sentence} and ${'more '.repeat(40)}`).replace(/.{76}/g, '$&\r\n  '),
      'base64',
    ],
    ['base64 with letters beyond ASCII', base64(`Grüße über ${sentence} für später`), 'base64'],
    ['hex', `0x${hex(sentence)}`, 'hex'],
    ['percent-encoding', `?q=${[...sentence].map((c) => `%${hex(c)}`).join('')}`, 'percent-encoding'],
    ['an address in percent-encoding', `?q=https%3A%2F%2F${encodeURIComponent(sentence)}`, 'percent-encoding'],
    ['\\x', `"${[...sentence].map((c) => `\\x${hex(c)}`).join('')}"`, 'escapes'],
    ['\\u', `"${[...sentence].map((c) => `\\u00${hex(c)}`).join('')}"`, 'escapes'],
    ['\\u{}', `"${[...sentence].map((c) => `\\u{${hex(c)}}`).join('')}"`, 'escapes'],
    ['UTF-16, little endian', Buffer.from(sentence, 'utf16le'), 'UTF-16'],
    ['UTF-16, big endian', Buffer.from(sentence, 'utf16le').swap16(), 'UTF-16'],
    [
      'UTF-16 somewhere in a binary file',
      Buffer.concat([Buffer.from([1, 200, 0]), Buffer.from(sentence, 'utf16le')]),
      'UTF-16',
    ],
    ['PowerShell', `-enc ${base64(Buffer.from(sentence, 'utf16le'))}`, 'base64'],
  ])('%s', (name, text, how) => {
    const found = all(text).filter((one) => one.how === how)
    const readable = found.map((one) => one.text.toString().replaceAll('\0', ''))
    expect(
      readable.some((one) => one.includes(sentence)),
      name,
    ).toBe(true)
  })
})

describe('stays silent on', () => {
  const random = Buffer.from(Array.from({ length: 6000 }, (_, i) => (i * i * 31 + i * 7919) >> 3))
  it.each<[string, string | Buffer]>([
    ['an image', `url(data:image/png;base64,${base64(random)})`],
    ['binary data', random],
    ['integrity hashes', `"integrity": "sha512-${base64(random.subarray(0, 64))}"`],
    ['git object ids', `${hex('\x9f\xe1\x01\x88\xee').repeat(8)}`],
    ['zeros', 'A'.repeat(400)],
    ['paths', 'import x from "../components/authentication/providers/github/settings"'],
    ['identifiers', 'const getElementsByTagNameWithNamespaceAndPrefix = shouldComponentUpdateImmediately'],
    [
      'JSON web tokens',
      `${base64('{"alg":"none","typ":"JWT"}')}.${base64('{"sub":"somebody","admin":"yes"}').replace(/=/g, '')}.x`.replace(
        '=',
        '',
      ),
    ],
    ['ordinary escapes', 'console.log("a\\n\\tb\\\\c \\"d\\" \\u00e9", "%s %d%% %20")'],
    ['addresses', 'https://example.org/a%20b?c=d%2Fe&f=%C3%A9'],
  ])('%s', (_, text) => {
    expect(all(text)).toEqual([])
  })
})

const decoders = {
  base64: (text: string) => base64(text),
  base64url: (text: string) => Buffer.from(text).toString('base64url'),
  hex,
  escapes: (text: string) => [...text].map((c) => `\\x${hex(c)}`).join(''),
  'percent-encoding': (text: string) => [...text].map((c) => `%${hex(c)}`).join(''),
  'UTF-16': (text: string) => Buffer.from(text, 'utf16le').toString('latin1'),
} as const
const printable = fc.string({
  unit: fc.integer({ min: 0x30, max: 0x7a }).map((c) => String.fromCharCode(c).replace('\\', '_')),
  minLength: 24,
  maxLength: 90,
})

it.each(Object.entries(decoders))('%s: a span holds exactly what a part came from', (_, encode) => {
  fc.assert(
    fc.property(printable, fc.nat(90), fc.nat(90), fc.constantFrom('', 'x = "', ' ', 'é"'), (text, a, b, before) => {
      const start = Math.min(a, b) % text.length
      const end = Math.max(start + 1, Math.max(a, b) % text.length)
      const bytes = Buffer.from(`${before}${encode(text)}" `, 'latin1')
      const found = [...decodings(bytes)].find((one) => one.text.includes(text))
      expect(found).toBeDefined()
      const at = found!.text.indexOf(text)
      const span = found!.spanOf(at + start, at + end)
      const part = bytes.subarray(span.start, span.end).toString('latin1')
      // The same bytes, put back in their place, decode to the same part.
      const again = [
        ...decodings(
          Buffer.concat([bytes.subarray(0, span.start), Buffer.from(part, 'latin1'), bytes.subarray(span.end)]),
        ),
      ]
      expect(again.some((one) => one.text.includes(text.slice(start, end)))).toBe(true)
      const blanked = Buffer.from(bytes)
      blanked.fill('"', span.start, span.end)
      const left = [...decodings(blanked)].map((one) => one.text.toString('latin1')).join('\n')
      if (end - start > 8) expect(left).not.toContain(text.slice(start, end))
    }),
    { numRuns: 150 },
  )
})

it('never throws, and spans stay inside the text', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom('%', '\\', 'u', 'x', '67', '{', '}', '\0', 'g', 'Z2hwXzEy', 'MTIz', '\n', '=', '"', '😀'),
        { maxLength: 80 },
      ),
      (pieces) => {
        const bytes = Buffer.from(pieces.join(''))
        for (const { text, spanOf } of decodings(bytes)) {
          const { start, end } = spanOf(0, text.length)
          expect(start).toBeGreaterThanOrEqual(0)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(bytes.length)
        }
      },
    ),
  )
})

describe('Kubernetes Secrets', () => {
  const values = (text: string) => [...secretManifestValues(Buffer.from(text))].map((one) => one.text.toString())
  const value = base64('short4U!')
  it.each<[string, string, readonly string[]]>([
    [
      'YAML',
      `kind: Secret\ndata:\n  db-password: ${value}\nmetadata:\n  name: ${value}\n`,
      ['db-password: "short4U!"'],
    ],
    [
      'quoted, in a later document',
      `kind: Pod\n---\ndata:\n  # note\n  a: "${value}"\n\n  b: '${value}'\nkind: "Secret"\n`,
      ['a: "short4U!"', 'b: "short4U!"'],
    ],
    ['in a list', `items:\n- kind: Secret\n  data:\n    p: ${value}\n  type: Opaque\n`, ['p: "short4U!"']],
    ['JSON', `{"kind": "Secret", "data": {"p": "${value}", "q": "${value}"}}`, ['p: "short4U!"', 'q: "short4U!"']],
    ['JSON in lines', `{\n "kind": "Secret",\n "data": {\n  "p": "${value}"\n }\n}`, ['p: "short4U!"']],
    ['another kind', `kind: ConfigMap\ndata:\n  a: ${value}\n`, []],
    ['clear text', `kind: Secret\nstringData:\n  a: ${value}\n`, []],
    ['what is not text', `kind: Secret\ndata:\n  a: ${base64(Buffer.from([0, 1, 2, 3, 255, 7]))}\n`, []],
  ])('%s', (_, text, expected) => {
    expect(values(text)).toEqual(expected)
  })

  it('points at the encoded value', () => {
    const text = `kind: Secret\ndata:\n  a: ${value}\n`
    const [found] = [...secretManifestValues(Buffer.from(text))]
    const { start, end } = found!.spanOf(0, 1)
    expect(text.slice(start, end)).toBe(value)
  })
})
