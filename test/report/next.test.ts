// Lines that people paste into a shell: exact, and never with a name in them that a shell would read.

import { describe, expect, test } from 'vitest'
import { commandFor } from '../../src/report/next.ts'
import type { Evidence, Finding, Manager, Subject } from '../../src/types.ts'
import { hostileTexts, report } from '../support/reports.ts'

/** `path` or `path: excerpt`. */
const at = (...places: string[]): Finding['evidence'] =>
  places.map((place) => {
    const [path, excerpt = ''] = place.split(/: (.*)/)
    return { kind: 'file', path, line: 1, column: 1, excerpt } as unknown as Evidence
  }) as never
const found = (code: string, subject: Subject, ...paths: string[]): Finding => ({
  ...report.findings[0]!,
  code,
  subject,
  evidence: at(...paths),
})
const by = (manager: Manager, finding: Finding): Finding => ({ ...finding, manager })
const named = (name: string, version?: string): Subject =>
  version === undefined ? { kind: 'package', name } : { kind: 'package', name, version }

describe('a line to paste', () => {
  test.each<[Finding, string | undefined]>([
    [found('phantom/not-found', named('@a/b'), 'package.json: "@a/b": "^1"'), 'npm uninstall @a/b'],
    // Whoever has it under another name removes that one.
    [found('phantom/not-found', named('b'), 'package.json: "c": "npm:b@^1"'), 'npm uninstall c'],
    // In a script it is only run.
    [found('phantom/not-found', named('b'), 'package.json: npx b'), undefined],
    [found('phantom/not-found', named('b'), 'src/a.ts: import … from "b"'), undefined],
    [found('phantom/not-found', named('b'), 'README.md: npm i b', 'package.json: "b": "1"'), 'npm uninstall b'],
    [
      found('package/typosquat', named('reakt', '1.0.0'), 'app/package.json: "reakt": "^1"'),
      '(cd app && npm uninstall reakt)',
    ],
    [found('package/typosquat', named('reakt'), 'a b/package.json: "reakt": "^1"'), undefined],
    [found('package/malware', named('deep'), 'package-lock.json'), 'npm explain deep'],
    [found('package/malware', named('deep'), 'pnpm-lock.yaml'), 'pnpm why deep'],
    [found('package/malware', named('deep'), 'package.json: "deep": "1"', 'yarn.lock'), 'yarn remove deep'],
    [found('package/manifest-mismatch', named('a', '1.2.3-x.1'), 'a'), 'npm pack --ignore-scripts a@1.2.3-x.1'],
    [found('secret/tracked-env', { kind: 'project', path: 'app/.env' }, 'app/.env'), 'git rm --cached -- app/.env'],
    [found('lockfile/drift', { kind: 'project', path: 'package-lock.json' }, 'a'), 'npm install --package-lock-only'],
    [
      found('lockfile/drift', { kind: 'project', path: 'apps/web/pnpm-lock.yaml' }, 'a'),
      '(cd apps/web && pnpm install --lockfile-only)',
    ],
    [found('lockfile/drift', { kind: 'project', path: 'bun.lock' }, 'a'), 'bun install --lockfile-only'],
    // Which Yarn wrote it is not in its name.
    [found('lockfile/drift', { kind: 'project', path: 'yarn.lock' }, 'a'), undefined],
    [
      by('yarn-classic', found('lockfile/drift', { kind: 'project', path: 'yarn.lock' }, 'a')),
      'yarn install --ignore-scripts',
    ],
    [
      by('yarn-berry', found('lockfile/drift', { kind: 'project', path: 'apps/web/yarn.lock' }, 'a')),
      '(cd apps/web && yarn install --mode=update-lockfile)',
    ],
    [
      by('yarn-berry', found('lockfile/missing', { kind: 'project', path: 'package.json' }, 'a')),
      'yarn install --mode=update-lockfile',
    ],
    [
      by('pnpm', found('lockfile/missing', { kind: 'project', path: 'package.json' }, 'a')),
      'pnpm install --lockfile-only',
    ],
    // The lockfile that it stands in decides.
    [
      by('yarn-berry', found('lockfile/drift', { kind: 'project', path: 'bun.lock' }, 'a')),
      'bun install --lockfile-only',
    ],
    [by('pnpm', found('phantom/not-found', named('b'), 'package.json: "b": "1"')), 'pnpm remove b'],
    [by('yarn-berry', found('package/vulnerability', named('old'), 'yarn.lock')), 'yarn up --recursive old'],
    [by('yarn-classic', found('package/vulnerability', named('old'), 'yarn.lock')), 'yarn why old'],
    // Who only stands in overrides is no dependency that could be uninstalled.
    [found('phantom/not-found', named('b'), 'package.json: overrides: "b": "1"'), undefined],
    [found('phantom/not-found', named('b'), 'package.json: resolutions: "b": "1"', 'yarn.lock'), 'yarn why b'],
    [found('lockfile/missing', { kind: 'project', path: 'package.json' }, 'a'), 'npm install --package-lock-only'],
    [found('lockfile/missing', { kind: 'project', path: 'a;b/package.json' }, 'a'), undefined],
    [found('package/vulnerability', named('old', '1.0.0'), 'package-lock.json'), 'npm update old'],
    [found('package/vulnerability', named('old', '1.0.0'), 'pnpm-lock.yaml'), 'pnpm update old'],
    [found('lockfile/multiple', { kind: 'project', path: 'package-lock.json' }, 'a'), undefined],
    [found('constructor', named('a'), 'package.json'), undefined],
  ])('%#: %o', (finding, command) => expect(commandFor(finding)).toBe(command))
})

describe('no name that a shell or npm would read as something else', () => {
  const names = [
    ...hostileTexts.map(([, text]) => text),
    '-g',
    '--global',
    'a b',
    'a;b',
    '$(b)',
    'a\nb',
    '../a',
    '~/a',
    '@a',
    '@-/b',
  ]
  // Plain words remain, however odd.
  const odd = names.filter((name) => name !== '__proto__' && !/^x+$/.test(name))
  test.each(odd)('%j', (name) => {
    const key = JSON.stringify(name)
    const places = [`package.json: ${key}: "1"`, 'package-lock.json'] as const
    expect(commandFor(found('phantom/not-found', named(name), ...places))).toBeUndefined()
    expect(commandFor(found('phantom/not-found', named('b'), `package.json: ${key}: "npm:b@1"`))).toBeUndefined()
    expect(commandFor(found('secret/tracked-env', { kind: 'project', path: `${name}\n` }, 'a'))).toBeUndefined()
    expect(commandFor(found('package/integrity-mismatch', named('a', name), 'a'))).toBe('npm view a dist')
  })
})
