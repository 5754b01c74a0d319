// action.yml, run as a runner would: its script in bash, its inputs as variables, an npm that installs a program which
// prints what it is given.

import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, test } from 'vitest'
import { temporaryFolder } from './support/repository.ts'

const text = readFileSync(join(import.meta.dirname, '../action.yml'), 'utf8')
const script = text.slice(text.indexOf('run: |\n') + 7).replace(/^ {8}/gm, '')
const defaults = Object.fromEntries(
  [...text.matchAll(/^ {2}([\w-]+):\n {4}description:.*\n {4}default: '?(.*?)'?$/gm)].map(([, name, value]) => [
    `INPUT_${name!.toUpperCase().replace('-', '_')}`,
    value!,
  ]),
)
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
  version: string
}

function run(given: Readonly<Record<string, string>>, exitCode = 0) {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'bin'))
  mkdirSync(join(folder, 'work/app'), { recursive: true })
  const npm = `#!/bin/bash
printf '%s\\n' "$@" > ${folder}/npm
mkdir -p node_modules/.bin
printf '#!/bin/bash\\nprintf "%%s\\\\n" "$@" > ${folder}/ran\\nexit ${exitCode}\\n' > node_modules/.bin/audit-deps
chmod +x node_modules/.bin/audit-deps`
  writeFileSync(join(folder, 'bin/npm'), npm)
  chmodSync(join(folder, 'bin/npm'), 0o755)
  const { status, stdout } = spawnSync('bash', ['-c', script], {
    cwd: join(folder, 'work'),
    env: {
      PATH: `${folder}/bin:/usr/bin:/bin`,
      ...defaults,
      EVENT: 'push',
      GITHUB_OUTPUT: join(folder, 'out'),
      ...given,
    },
  })
  const lines = (name: string): string[] =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').trimEnd().split('\n') : []
  const here = (words: string[]): string[] => words.map((word) => word.replace(join(folder, 'work'), '.'))
  return {
    status,
    stdout: stdout.toString(),
    ran: here(lines('ran')),
    npm: lines('npm'),
    out: here(lines('out')),
    folder,
  }
}

it.each<[string, Record<string, string>, string[]]>([
  ['nothing', {}, ['.', '--format=github']],
  ['a pull request', { EVENT: 'pull_request' }, ['.', '--format=github', '--pull-request']],
  ['all of it', { EVENT: 'pull_request', INPUT_SINCE: 'none' }, ['.', '--format=github']],
  ['a ref', { INPUT_SINCE: 'origin/x' }, ['.', '--format=github', '--since=origin/x']],
  ['a level', { INPUT_FAIL_ON: 'low', INPUT_PATH: 'app' }, ['./app', '--format=github', '--fail-on=low']],
  ['SARIF', { INPUT_FORMAT: 'sarif' }, ['.', '--format=sarif', '--output=./audit-deps.sarif']],
  [
    'shell in every input',
    { INPUT_SINCE: '$(touch x)', INPUT_FAIL_ON: '`touch x`; "' },
    ['.', '--format=github', '--fail-on=`touch x`; "', '--since=$(touch x)'],
  ],
])('%s', (_what, given, expected) => {
  const { status, ran, npm, out, folder } = run(given)
  expect(ran).toEqual(expected)
  expect(status).toBe(0)
  expect(npm.at(-1)).toBe(`audit-deps@${version}`)
  expect(npm).toContain('--ignore-scripts')
  expect(out).toEqual(expected.flatMap((word) => (word.startsWith('--output=') ? [`report=${word.slice(9)}`] : [])))
  expect(existsSync(join(folder, 'work/x'))).toBe(false)
})

it.each([{ INPUT_VERSION: 'latest' }, { INPUT_VERSION: '1.0.0; touch x' }, { INPUT_OUTPUT: 'a\nreport=/etc/passwd' }])(
  'refuses %j',
  (given) => {
    const { status, ran, npm } = run(given)
    expect(status).toBe(2)
    expect([...ran, ...npm]).toEqual([])
  },
)

it.each([0, 1, 3])('gives the exit code on: %i', (code) => expect(run({}, code).status).toBe(code))

test('no input is text of the script', () => {
  expect(script).not.toContain('${{')
  expect(Object.keys(defaults)).toHaveLength(6)
})
