// Annotations, read back by the runner's own rules: a line that begins with `::` is a command, properties are split at
// commas, values are unescaped.

import { describe, expect, test } from 'vitest'
import { render } from '../../src/report/index.ts'
import type { Report } from '../../src/types.ts'
import { hostileTexts, large, nothingFound, planted, report } from '../support/reports.ts'

interface Command {
  readonly level: string
  readonly properties: Record<string, string>
  readonly message: string
}

const unescapeData = (text: string): string =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
const unescapeProperty = (text: string): string => unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','))

function commandsOf(given: Report): Command[] {
  const lines = render(given, 'github').trimEnd().split('\n')
  return lines
    .filter((line) => !/^… and \d+ more (error|warning|notice)s? /.test(line))
    .map((line) => {
      const [, level, list, message] = /^::(error|warning|notice)(?: (.*?))?::(.*)$/.exec(line) ?? expect.fail(line)
      const pairs = (list ?? '')
        .split(',')
        .filter(Boolean)
        .map((pair) => [pair.slice(0, pair.indexOf('=')), unescapeProperty(pair.slice(pair.indexOf('=') + 1))])
      return {
        level: level!,
        properties: Object.fromEntries(pairs) as Record<string, string>,
        message: unescapeData(message!),
      }
    })
}

test('the whole output', async () => {
  await expect(render(report, 'github')).toMatchFileSnapshot('snapshots/github.txt')
})

describe('hostile text stays within its command', () => {
  const count = commandsOf(report).length
  test.each(hostileTexts)('%s', (_name, text) => {
    const commands = commandsOf(planted(text))
    expect(commands).toHaveLength(count)
    for (const { properties } of commands)
      expect(['file', 'line', 'col', 'title']).toEqual(expect.arrayContaining(Object.keys(properties)))
    for (const line of render(planted(text), 'github').split('\n')) {
      expect(line.length).toBeLessThan(12_000)
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]|[\ud800-\udbff](?![\udc00-\udfff])/)
    }
  })
})

describe('where, how grave, in which order', () => {
  const commands = commandsOf(report)
  test('one a subject, at its strongest finding', () => {
    const [, first] = commands
    expect(first).toMatchObject({
      level: 'error',
      properties: { file: 'apps/demo-app/package.json', line: '9', col: '5' },
    })
    expect(first!.message).toMatch(/one letter from.*\n12 downloads.*\nfirst published.*\nruns a script/)
    expect(first!.message).toMatch(/npm uninstall reakt\naudit-deps explain package\/typosquat$/)
  })

  test('what HEAD no longer has is not pinned to a file', () => {
    const secret = commands.find(({ properties }) => properties.title?.includes('GitHub personal'))!
    expect(secret.properties.file).toBeUndefined()
    expect(secret.message).toContain('config/deploy.old.js:12:17 in 1f2e3d4c5b')
  })

  test('bands become levels, info is silent, the verdict ends it', () => {
    expect(commands.map(({ level }) => level)).toEqual([
      'warning',
      'error',
      'error',
      'error',
      'warning',
      'notice',
      'warning',
      'notice',
    ])
    expect(commands.at(-1)!.message).toMatch(/^✗ fail {2}risk critical/)
  })

  test('what is required and was not checked comes first', () => {
    expect(commands[0]).toMatchObject({
      level: 'warning',
      properties: { title: "not checked: git's objects (secrets)" },
    })
    expect(commands[0]!.message).toMatch(/git fetch --unshallow/)
  })
})

test('no more than GitHub shows, the rest counted', () => {
  const many = large(1000)
  const commands = commandsOf(many)
  for (const level of ['error', 'warning', 'notice'])
    expect(commands.filter((command) => command.level === level)).toHaveLength(10)
  const text = render(many, 'github')
  expect(text).toMatch(/… and 440 more errors \(GitHub shows 10 a step\)\n/)
  // Two gaps in coverage are warnings too, the verdict is a notice.
  expect(text).toMatch(/… and 217 more warnings/)
  expect(text).toMatch(/… and 316 more notices/)
})

test('nothing found is one line', () => expect(commandsOf(nothingFound)).toHaveLength(1))
