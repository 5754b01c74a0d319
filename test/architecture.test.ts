// The import law, held by reading the imports: commands → audit → scanners → registry | git | project | names → leaves.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const src = join(import.meta.dirname, '../src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const leaves = [
  'types',
  'errors',
  'catalog',
  'bands',
  'redact',
  'finding',
  'coverage',
  'version',
  'built-file',
  'cache-folder',
  'url',
  'listed',
  'memory-file',
  'shape',
]

/** Which rooms each room may import from, besides itself and the leaves. */
const law: Record<string, readonly string[]> = {
  types: [],
  errors: [],
  catalog: [],
  bands: [],
  redact: [],
  finding: [],
  coverage: [],
  version: [],
  'built-file': [],
  'cache-folder': [],
  url: [],
  listed: [],
  'memory-file': [],
  shape: [],
  names: [],
  policy: ['names', 'project'],
  baseline: [],
  stale: [],
  risk: ['policy', 'stale'],
  config: ['config-fields', 'config-values', 'project'],
  'config-fields': ['config-values', 'names', 'project'],
  'config-values': ['names', 'project'],
  weakened: ['config', 'config-fields'],
  codes: ['secrets', 'names'],
  mask: ['secrets'],
  git: [],
  project: ['git', 'names'],
  registry: ['config', 'names'],
  secrets: ['git', 'names'],
  lockfile: ['registry', 'git', 'project', 'names'],
  phantom: ['registry', 'git', 'project', 'names'],
  report: [],
  audit: [
    'config',
    'weakened',
    'codes',
    'baseline',
    'mask',
    'risk',
    'secrets',
    'lockfile',
    'phantom',
    'registry',
    'git',
    'project',
  ],
  check: ['baseline', 'config', 'risk', 'lockfile', 'phantom', 'registry', 'names'],
  guard: ['audit', 'check', 'config', 'risk', 'project', 'registry', 'names'],
  commands: [
    'audit',
    'check',
    'config',
    'codes',
    'baseline',
    'policy',
    'risk',
    'guard',
    'report',
    'secrets',
    'names',
    'registry',
    'project',
  ],
  index: ['audit', 'check', 'secrets', 'project', 'names', 'report', 'config', 'registry'],
  cli: ['commands', 'names'],
}

/** Rooms and files that may touch network, disk or processes. */
const worldly =
  /^(git|registry|project|commands|guard)\/|^secrets\/(files|cache|signatures|pool|pool-worker)\.ts$|^names\/(kept|tables)\.ts$|^phantom\/inventions\.ts$|^(config|baseline|memory-file|version|built-file|audit|cli)\.ts$/
const world =
  /^node:(fs|child_process|http|https|net|tls|dgram|dns|worker_threads)(\/|$)|^(pacote|tar|@npmcli\/agent|npm-registry-fetch|simple-git|@npmcli\/config)$/

const roomOf = (file: string): string => file.split('/')[0]!.replace(/\.ts$/, '')

const importsOf = (file: string): { specifier: string; typeOnly: boolean }[] => {
  const text = readFileSync(join(src, file), 'utf8')
  const found = [
    ...text.matchAll(/(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/g),
  ]
  return found.map((match) => ({ specifier: (match[2] ?? match[3])!, typeOnly: match[1] !== undefined }))
}

describe('the import law', () => {
  test.each(files)('%s', (file) => {
    const room = roomOf(file)
    expect(law, `the law knows the room ${room}`).toHaveProperty(room)
    for (const { specifier, typeOnly } of importsOf(file)) {
      if (specifier.startsWith('.')) {
        const target = roomOf(relative(src, join(src, dirname(file), specifier)))
        const allowed = [room, ...leaves, ...law[room]!]
        expect(allowed, `${file} imports ${specifier}`).toContain(target)
      } else if (!typeOnly && world.test(specifier)) {
        expect(file, `${file} touches the world through ${specifier}`).toMatch(worldly)
      }
    }
  })

  test('reads something: each kind of import is seen', () => {
    const all = files.flatMap(importsOf)
    expect(all.length).toBeGreaterThan(50)
    expect(all.some((found) => found.typeOnly)).toBe(true)
    expect(importsOf('audit.ts').map((found) => found.specifier)).toContain('./secrets/scan.ts')
  })
})
