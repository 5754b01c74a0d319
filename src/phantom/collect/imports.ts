// Modules that source files name, less what is no package: built-ins, paths, aliases, subpath imports, the repository's own
// packages, modules that a runtime or a framework makes up.

import { isBuiltin } from 'node:module'
import { packageOf } from '../../names/specifier.ts'
import { harmless } from '../../redact.ts'
import type { ImportSite, Sources } from '../../types.ts'
import type { Mention } from '../mentions.ts'
import { typesNameOf } from '../specifiers.ts'
import type { Aliases } from './aliases.ts'
import { isFixture, isTest, mayBeInput } from './kinds.ts'
import { placeholder } from './placeholders.ts'

export interface Imported {
  readonly mentions: readonly Mention[]
  /** Specifiers that are no packages, by reason. */
  readonly counts: Readonly<Record<string, number>>
}

/**
 * @param local names of this repository's own packages
 * @param installed names that some manifest or lockfile holds: what they provide to others is no package of its own
 */
export function importMentions(
  sources: Sources,
  aliases: Aliases,
  local: ReadonlySet<string>,
  installed: ReadonlySet<string>,
): Imported {
  const mentions: Mention[] = []
  const counts: Record<string, number> = Object.create(null)
  const ambient = ambientModules(sources, installed)
  const provided = providers.filter(([by]) => by === '' || installed.has(by)).map(([, what]) => what)
  const reasonOf = (specifier: string, name: string, path: string): string | undefined => {
    if (local.has(name)) return 'imports of own packages'
    if (isFixture(path)) return 'imports in test fixtures'
    if (isTest(path) && placeholder(name) !== undefined) return 'imports of placeholders'
    if (ambient(specifier)) return 'imports that the project declares itself'
    if (provided.some((pattern) => pattern.test(specifier))) return 'imports that a framework provides'
    const alias = installed.has(name) ? undefined : aliases.reason(specifier, path)
    return alias === undefined ? undefined : `imports by ${alias}`
  }
  for (const { path, imports, mocks = [] } of sources.files) {
    const mocked = new Set(mocks)
    const isInput = mayBeInput(path) && !imports.some(({ specifier }) => isKnown(specifier, local, installed))
    for (const site of imports) {
      const { specifier } = site
      // Node reads `punycode` as its own, `punycode/` as a package.
      const name = isBuiltin(specifier) ? undefined : packageOf(specifier)
      if (name === undefined || (isBuiltin(name) && !specifier.endsWith('/'))) continue
      const reason =
        mocked.has(specifier) && !installed.has(name)
          ? 'imports of mocks'
          : (reasonOf(specifier, name, path) ?? (isInput ? 'imports in inputs of tests' : undefined))
      if (reason === undefined) mentions.push(mentionOf(site, name, path))
      else counts[reason] = (counts[reason] ?? 0) + 1
    }
  }
  return { mentions, counts }
}

/** A module of Node, of this repository, or of a package that is declared or locked: then a program means it. */
function isKnown(specifier: string, local: ReadonlySet<string>, installed: ReadonlySet<string>): boolean {
  const name = isBuiltin(specifier) ? undefined : packageOf(specifier)
  return isBuiltin(specifier) || (name !== undefined && (local.has(name) || installed.has(name)))
}

function mentionOf(site: ImportSite, name: string, path: string): Mention {
  const types = site.how === 'types'
  return {
    // `/// <reference types="x" />` looks for @types/x first.
    name: types && site.specifier === name && !name.startsWith('@types/') ? typesNameOf(name) : name,
    ...(types && site.specifier === name && { or: [name] }),
    from: types ? 'types' : 'import',
    path,
    line: site.line,
    column: site.column,
    excerpt: harmless(written[site.how](JSON.stringify(site.specifier).slice(0, 100))),
    optional: site.optional,
    ...((site.typeOnly || types) && { typeOnly: true }),
  }
}

const written = {
  import: (specifier: string) => `import … from ${specifier}`,
  export: (specifier: string) => `export … from ${specifier}`,
  require: (specifier: string) => `require(${specifier})`,
  dynamic: (specifier: string) => `import(${specifier})`,
  resolve: (specifier: string) => `resolve(${specifier})`,
  types: (specifier: string) => `/// <reference types=${specifier} />`,
} as const satisfies Record<ImportSite['how'], (specifier: string) => string>

/** `declare module 'x'` makes a module of its own where no package of that name is installed; `*.svg` one of many. */
function ambientModules({ files }: Sources, installed: ReadonlySet<string>): (specifier: string) => boolean {
  const exact = new Set<string>()
  const patterns: [string, string][] = []
  for (const declared of files.flatMap(({ declares = [] }) => declares)) {
    const star = declared.indexOf('*')
    if (star !== -1) patterns.push([declared.slice(0, star), declared.slice(star + 1)])
    else if (!installed.has(packageOf(declared) ?? '')) exact.add(declared)
  }
  return (specifier) =>
    exact.has(specifier) ||
    patterns.some(
      ([before, after]) =>
        before + after !== '' &&
        specifier.length >= before.length + after.length &&
        specifier.startsWith(before) &&
        specifier.endsWith(after),
    )
}

/** Modules that exist only while something runs: by whom (empty: a host that is no package), and which. */
const providers: readonly (readonly [by: string, what: RegExp])[] = [
  ['', /^(?:bun|vscode|k6|detox|atom|sketch|uxp|photoshop|indesign|powerapps|meteor)(?:\/|$)/],
  ['ember-source', /^@(?:ember|glimmer)\//],
  ['ember-cli', /^@(?:ember|glimmer)\//],
  ['@docusaurus/core', /^@(?:theme|theme-original|theme-init|site|generated|docusaurus)\//],
  ['astro', /^(?:astro|@astrojs)\//],
  ['@11ty/eleventy', /^@11ty\//],
  ['@salesforce/sfdx-lwc-jest', /^(?:@salesforce\/|lightning\/|lwc$)/],
  ['next', /^next\//],
  ['vite-plugin-pages', /^(?:virtual|generated)-/],
  ['gatsby', /^@reach\/router$/],
  ['@nuxt/kit', /^(?:nitropack|h3|ofetch|unhead|@unhead\/\w+|defu|ufo)(?:\/|$)/],
]
