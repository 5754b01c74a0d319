import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachKey, isObject, parseJson } from '../../src/project/json.ts'

test.each([
  ['{"a":1}', undefined],
  ['{\n"a" 1}', 2],
  ['{"a":1,\n\n}', 3],
  ['[1,\n2,]', 2],
  ['{"a":\n}', 2],
  ['{"a":1}\n{}', 2],
  ['{"a":"\nb"}', 1],
  ['\n\n', 3],
  ['{"a":[1,2}', 1],
  ['{"a":1}}', 1],
  ['[\n01]', 2],
  ['{,}', 1],
  ['{a:1}', 1],
  ['[:]', 1],
])('%j breaks in line %s', (text, line) => {
  expect(parseJson(text)).toEqual(line === undefined ? { ok: true, value: JSON.parse(text) } : { ok: false, line })
})

test('keys of any JSON stand where it says', () => {
  const entry = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', '"', '\\', '}', '\n', 'é'))
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constant(null),
      fc.array(tie('value')),
      tie('object'),
    ),
    object: fc.array(fc.tuple(entry, tie('value'))).map((pairs) => Object.fromEntries(pairs)),
  })).object
  fc.assert(
    fc.property(json, fc.constantFrom(0, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      const lines = text.split('\n')
      const found: string[] = []
      eachKey(text, (path, { line, column }) => {
        const rest = Buffer.from(lines[line - 1]!)
          .subarray(column - 1)
          .toString()
        expect(rest.startsWith('"')).toBe(true)
        found.push(path.join('\0'))
        return true
      })
      // Not those of JSON.parse(text): Node 24 and 26 read `"` as `\\` where an object like it had that key before.
      expect(found).toEqual(pathsOf(value))
    }),
  )
})

test('a million closed levels neither overflow nor stall', () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
  let keys = 0
  eachKey(deep, () => ++keys > 0)
  expect(keys).toBe(100_000)
  expect(parseJson('{"a":'.repeat(100_000))).toEqual({ ok: false, line: 1 })
  expect(parseJson('['.repeat(1_000_000))).toEqual({ ok: false, line: 1 })
})

/** Depth first, in the order of the text. */
function pathsOf(value: unknown, prefix: readonly string[] = []): string[] {
  if (!isObject(value)) return []
  return Object.keys(value).flatMap((key) => [[...prefix, key].join('\0'), ...pathsOf(value[key], [...prefix, key])])
}
