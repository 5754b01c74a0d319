// A made-up project whose packages hang together: each asks for up to three others, some come in two versions, every
// twentieth is direct. Names are words of two syllables, as harmless as invented names can be.

import type { FakePackage } from '../../support/registry-server.ts'

const integrity = `sha512-${Buffer.alloc(64, 5).toString('base64')}`
const version = '1.4.2'
const range = '^1.0.0'

const syllables = ['ba', 'de', 'fi', 'go', 'hu', 'ka', 'le', 'mi', 'no', 'pu', 'ra', 'se', 'ti', 'vo', 'zu'] as const

/** `bagomi-lehuno`: no two alike, none near a popular name. */
export function nameOf(at: number): string {
  const word = (number: number): string =>
    [number % 15, Math.floor(number / 15) % 15, (number * 7 + 3) % 15].map((index) => syllables[index]).join('')
  return `${word(at)}-${word(at * 31 + 11)}${at % 10 === 0 ? `-${at}` : ''}${at}`
}

/** A tree: each is asked for by the one that comes a third as late, and by the one before it. */
const asks = (at: number, count: number): readonly string[] =>
  [at * 3 + 1, at * 3 + 2, at * 3 + 3].filter((next) => next < count).map(nameOf)

const isDirect = (at: number): boolean => at % 20 === 0

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at)
const mapOf = (names: readonly string[], value: string): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, value]))

const manifestOf = (count: number) => ({
  name: 'app',
  version: '1.0.0',
  private: true,
  dependencies: mapOf(numbers(count).filter(isDirect).map(nameOf), range),
})

export function projectOf(count: number): Record<string, string> {
  const root = manifestOf(count)
  return {
    'package.json': JSON.stringify(root, null, 2),
    'package-lock.json': npmLock(count),
    'audit-deps.json': JSON.stringify({ allowedHosts: ['registry.example'] }),
  }
}

export function registryOf(count: number): {
  packages: Record<string, FakePackage>
  downloads: Record<string, number>
} {
  const versions = ['1.0.0', '1.1.0', '1.2.0', '1.2.1', '1.3.0', '1.4.0', '1.4.1', version, '2.0.0-rc.1', '2.0.0']
  const packages = numbers(count).map((at): [string, FakePackage] => [
    nameOf(at),
    {
      created: '2016-03-01T00:00:00.000Z',
      distTags: { latest: version },
      versions: Object.fromEntries(
        versions.map((one, index) => [
          one,
          {
            published: `20${16 + index}-03-01T00:00:00.000Z`.replace(/^202[5-9]/, '2024'),
            integrity,
            manifest: { description: 'a made-up package', dependencies: mapOf(asks(at, count), range) },
          },
        ]),
      ),
    },
  ])
  return {
    packages: Object.fromEntries(packages),
    downloads: Object.fromEntries(numbers(count).map((at) => [nameOf(at), 250_000])),
  }
}

function npmLock(count: number): string {
  const entries = numbers(count).map((at) => {
    const name = nameOf(at)
    const resolved = `https://registry.example/${name}/-/${name}-${version}.tgz`
    const asked = asks(at, count)
    return [
      `node_modules/${name}`,
      {
        version,
        resolved,
        integrity,
        license: 'MIT',
        ...(asked.length > 0 && { dependencies: mapOf(asked, range) }),
        engines: { node: '>=14' },
      },
    ]
  })
  const packages = { '': manifestOf(count), ...Object.fromEntries(entries) }
  return JSON.stringify({ name: 'app', version: '1.0.0', lockfileVersion: 3, requires: true, packages }, null, 2)
}

export interface BigLockfile {
  readonly format: string
  /** As its manager calls it. */
  readonly name: string
  readonly text: string
  readonly manifest: string
}

/** One project in every format. */
export function bigLockfiles(count: number): readonly BigLockfile[] {
  const manifest = JSON.stringify(manifestOf(count))
  const direct = numbers(count).filter(isDirect).map(nameOf)
  const each = (entry: (name: string, asked: readonly string[]) => string): string =>
    numbers(count)
      .map((at) => entry(nameOf(at), asks(at, count)))
      .join('')
  const block = (indent: string, title: string, asked: readonly string[], line: (name: string) => string): string =>
    asked.length === 0 ? '' : `${indent}${title}\n${asked.map((name) => `${indent}  ${line(name)}\n`).join('')}`
  const texts: readonly (readonly [string, string, string])[] = [
    ['package-lock 3', 'package-lock.json', npmLock(count)],
    [
      'yarn 1',
      'yarn.lock',
      `# yarn lockfile v1\n\n\n${each(
        (name, asked) =>
          `${name}@${range}:\n  version "${version}"\n  resolved "https://registry.example/${name}/-/${name}-${version}.tgz#${'a'.repeat(40)}"\n  integrity ${integrity}\n${block('  ', 'dependencies:', asked, (one) => `${one} "${range}"`)}\n`,
      )}`,
    ],
    [
      'Berry 8',
      'yarn.lock',
      `__metadata:\n  version: 8\n  cacheKey: 10c0\n\n${each(
        (name, asked) =>
          `"${name}@npm:${range}":\n  version: ${version}\n  resolution: "${name}@npm:${version}"\n${block('  ', 'dependencies:', asked, (one) => `${one}: "npm:${range}"`)}  checksum: 10c0/${'a'.repeat(128)}\n  languageName: node\n  linkType: hard\n\n`,
      )}"app@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "app@workspace:."\n${block('  ', 'dependencies:', direct, (one) => `${one}: "npm:${range}"`)}  languageName: unknown\n  linkType: soft\n`,
    ],
    [
      'pnpm 5.4',
      'pnpm-lock.yaml',
      `lockfileVersion: 5.4\n\n${block('', 'specifiers:', direct, (one) => `${one}: ${range}`)}\n${block('', 'dependencies:', direct, (one) => `${one}: ${version}`)}\npackages:\n\n${each(
        (name, asked) =>
          `  /${name}/${version}:\n    resolution: {integrity: ${integrity}}\n    engines: {node: '>=14'}\n${block('    ', 'dependencies:', asked, (one) => `${one}: ${version}`)}    dev: false\n\n`,
      )}`,
    ],
    [
      'pnpm 9.0',
      'pnpm-lock.yaml',
      `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n${direct.map((one) => `      ${one}:\n        specifier: ${range}\n        version: ${version}\n`).join('')}\npackages:\n\n${each(
        (name) => `  ${name}@${version}:\n    resolution: {integrity: ${integrity}}\n    engines: {node: '>=14'}\n\n`,
      )}snapshots:\n\n${each((name, asked) => (asked.length === 0 ? `  ${name}@${version}: {}\n\n` : `  ${name}@${version}:\n${block('    ', 'dependencies:', asked, (one) => `${one}: ${version}`)}\n`))}`,
    ],
    [
      'bun.lock 1',
      'bun.lock',
      `{\n  "lockfileVersion": 1,\n  "workspaces": { "": { "name": "app", "dependencies": ${JSON.stringify(mapOf(direct, range))}, }, },\n  "packages": {\n${each(
        (name, asked) =>
          `    "${name}": ["${name}@${version}", "", { "dependencies": ${JSON.stringify(mapOf(asked, range))} }, "${integrity}"],\n\n`,
      )}  }\n}\n`,
    ],
  ]
  return texts.map(([format, name, text]) => ({ format, name, text, manifest }))
}
