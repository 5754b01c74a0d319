// The page as text: one whole snapshot, its form, and that nothing from outside becomes markup.

import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { shownSubjects } from '../../src/report/html.ts'
import { render, renderPieces } from '../../src/report/index.ts'
import type { Report } from '../../src/types.ts'
import { hostileTexts, large, nothingFound, planted, report } from '../support/reports.ts'

/** Tags that are open at the end, or closed out of order; elements without an end tag aside. */
function unbalanced(page: string): string[] {
  const markup = page.replace(/<(script|style)>[\s\S]*?<\/\1>/g, '')
  const open: string[] = []
  for (const [, end, name = ''] of markup.matchAll(/<(\/?)([a-z][a-z0-9-]*)(?:\s[^<>]*)?>/g)) {
    if (/^(?:meta|link|input|rect)$/.test(name)) continue
    if (end === '') open.push(name)
    else if (open.pop() !== name) return [`</${name}>`, ...open]
  }
  return open
}

const elements = (page: string): string[] =>
  [...page.matchAll(/<([a-z][a-z0-9-]*)/g)].map(([, name]) => name!).filter((name, at, all) => all.indexOf(name) === at)

test('the whole page', async () => {
  await expect(render(report, 'html')).toMatchFileSnapshot('snapshots/page.html.txt')
})

test('every element ends where it should, and its one script and style are those of its policy', () => {
  const page = render(report, 'html')
  expect(unbalanced(page)).toEqual([])
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]
  for (const name of ['script', 'style']) {
    const [found, ...more] = [...page.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))]
    expect(more).toEqual([])
    const hash = createHash('sha256').update(found![1]!).digest('base64')
    expect(policy).toContain(`${name}-src 'sha256-${hash}'`)
  }
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('unsafe')
  expect(page).not.toMatch(/ (?:style|on[a-z]+)=/)
})

describe('text from outside stays text', () => {
  const known = new Set(elements(render(report, 'html')))
  test.each(hostileTexts)('%s', (_name, text) => {
    const page = render(planted(text), 'html')
    expect(elements(page).filter((name) => !known.has(name))).toEqual([])
    expect(unbalanced(page)).toEqual([])
    expect(page).not.toMatch(/(?:href|src)="(?!https?:|#|data:,")/)
    expect(page).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  })
})

test('what the page leaves out is said, and it comes in pieces', () => {
  const many = large(shownSubjects + 1000)
  const pieces = [...renderPieces(many, 'html')]
  expect(pieces.join('').match(/<li data-band/g)).toHaveLength(shownSubjects)
  expect(pieces.join('')).toContain('1000 more subjects of lower risk')
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(200_000)
})

const skipped = { source: 'existence-direct', state: 'skipped', reason: 'offline' } as const

test.each<[string, Report, RegExp]>([
  ['a pass', nothingFound, /Pass<\/h2>\s*<p class="lead">Nothing was found, and everything required was read\./],
  [
    'a pass that leaves something out',
    { ...nothingFound, coverage: [{ scanner: 'phantom', ...skipped, required: true }] },
    /Nothing was found, and everything required was read, but for what this run leaves out\./,
  ],
  [
    'an incomplete run',
    { ...nothingFound, verdict: 'incomplete', coverage: report.coverage },
    /Incomplete<\/h2>\s*<p class="lead">Nothing that was read reaches the level that fails \(high \(phantom: medium\)\), but not everything was read\. 1 required source could not/,
  ],
  ['a failure', report, /3 of 6 subjects reach the level that fails/],
])('%s says so first', (_name, given, words) => expect(render(given, 'html')).toMatch(words))
