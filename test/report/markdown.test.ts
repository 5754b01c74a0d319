// A comment on a pull request. Hostile text is judged by an oracle of its own: take out what CommonMark reads as code
// spans, by the letter of its section 6.1, and nothing may be left that Markdown, HTML or GitHub's linking would see.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { render } from '../../src/report/index.ts'
import { code, link, prose } from '../../src/report/markdown-text.ts'
import { hostileTexts, large, nothingFound, planted, report } from '../support/reports.ts'

/** A run of backticks opens; the next run of the same length closes; without one it is text. */
function withoutCode(line: string): string {
  let rest = line
  let left = ''
  for (;;) {
    const open = /`+/.exec(rest)
    if (open === null) return left + rest
    const after = rest.slice(open.index + open[0].length)
    const close = [...after.matchAll(/`+/g)].find((run) => run[0].length === open[0].length)
    left += rest.slice(0, open.index) + (close ? 'code' : open[0])
    rest = close ? after.slice(close.index + close[0].length) : after
  }
}

const ours = /^<!-- audit-deps -->$|^<details( open)?><summary>[A-Z][a-z ]+<\/summary>$|^<\/details>$|^\| (---|Risk) \|/
const linked = /\[How\]\(https?:\/\/[^()\s|<>@]+\)/g
const active = /[`<>&@#[\]\\~_|]|\*|:\/\/|www\.|\w\.\w|\bGH-\d|\b[0-9a-f]{7,40}\b/i

function expectHarmless(comment: string): void {
  for (const line of comment.split('\n')) {
    if (ours.test(line) || line.startsWith('### ') || line.startsWith('risk ')) continue
    const cells = line.startsWith('| ') ? line.split('|').slice(1, -1) : [line]
    if (line.startsWith('| ')) expect(cells, line).toHaveLength(4)
    for (const cell of cells)
      expect(
        withoutCode(cell)
          .replaceAll(linked, '')
          .replaceAll('<br>', ' ')
          .replaceAll(/\*\*[a-z]+\*\*/g, ''),
        line,
      ).not.toMatch(active)
  }
}

test('the whole output', async () => {
  await expect(render(report, 'markdown')).toMatchFileSnapshot('snapshots/comment.txt')
})

describe('nothing from outside acts', () => {
  test('the oracle sees', () => {
    for (const bad of ['- @a', '- `a```x`@b``', '| a | b |', '- <b>', '- [a](http://b)', '- a.b', '- #1'])
      expect(() => expectHarmless(bad), bad).toThrow()
  })
  test('the fixture', () => expectHarmless(render(report, 'markdown')))
  test.each(hostileTexts)('%s', (_name, text) => expectHarmless(render(planted(text), 'markdown')))

  test('any sentence', () => {
    const bits = fc.constantFrom(
      '`',
      '``',
      '```',
      '@a',
      '#1',
      ' ',
      '\n',
      '|',
      '<b>',
      '\\',
      'word',
      '[',
      '](',
      '*',
      'GH-1',
      'a.b',
      '.',
      ')',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(bits, fc.string({ unit: 'binary' })), { maxLength: 20 }), (parts) => {
        const text = parts.join('')
        const shown = [prose(text), code(text)]
        for (const part of shown) {
          expect(part).not.toMatch(/[\n|]/)
          expect(withoutCode(part)).not.toMatch(active)
        }
      }),
      { numRuns: 100 },
    )
  })

  test.each([
    ['plain words pass', 'no package exists, did you mean another?', 'no package exists, did you mean another?'],
    ['names are code', 'asks for left-pad ^2.0.0, pins 1.3.0', 'asks for left-pad `^2.0.0`, pins `1.3.0`'],
    ['code stays code', 'Run `npm ci`, then commit.', 'Run `npm ci`, then commit.'],
    ['neighbours share a span', 'by a.b c.d', 'by `a.b c.d`'],
  ])('%s', (_name, text, shown) => expect(prose(text)).toBe(shown))

  test.each([
    ['https://docs.example/a?b=(c)', '[How](https://docs.example/a?b=%28c%29)'],
    ['javascript:alert(1)', '`javascript:alert(1)`'],
    ['https://', '`https://`'],
  ])('link %s', (address, shown) => expect(link('How', address)).toBe(shown))
})

describe('within 65,536 characters', () => {
  test.each<[string, string]>([
    ['many', render(large(5000), 'markdown')],
    [
      'many long ones',
      render(
        large(500, () => '😀 x.y '.repeat(500)),
        'markdown',
      ),
    ],
    ['one long text everywhere', render(planted('é.'.repeat(5000)), 'markdown')],
  ])('%s', (_name, comment) => expect(Buffer.byteLength(comment)).toBeLessThan(65_536))

  test('what does not fit is counted', () => {
    const comment = render(large(5000), 'markdown')
    expect(comment).toMatch(/… and 4980 more subjects\./)
    const shown = comment.match(/^More: /gm)!.length
    expect(shown).toBeGreaterThan(20)
    expect(comment).toContain(`… and the evidence of ${5000 - shown} more subjects: \`--format json\` has all of it.`)
    expect(comment.match(/<details/g)).toHaveLength(comment.match(/<\/details>/g)!.length)
  })
})

test('something required was not checked: the fold is open', () => {
  expect(render(report, 'markdown')).toContain('<details open><summary>Not checked</summary>')
  const coverage = report.coverage.filter(({ required }) => !required)
  expect(render({ ...report, coverage }, 'markdown')).toContain('<details><summary>Not checked</summary>')
})

test('nothing found is four lines', () => expect(render(nothingFound, 'markdown').trim().split(/\n+/)).toHaveLength(3))

test('quiet is the verdict', () => {
  expect(render(report, 'markdown', { detail: 'quiet' })).toMatch(/### ✗ fail — audit-deps\n\nrisk critical · .*\n$/)
})
