// Declared, and named nowhere else. Careful by design: a name that any text of the project holds, that another package
// expects beside it, or that works by being installed counts as used. Only `dependencies` are judged.

import { posix } from 'node:path'
import { finding } from '../finding.ts'
import { packageOf } from '../names/specifier.ts'
import type { Installed } from '../project/installed.ts'
import type { Texts } from '../project/texts.ts'
import { harmless } from '../redact.ts'
import type { Finding, Project, Sources } from '../types.ts'

/** Types, polyfills, plugins, presets, fonts, styles, drivers: loaded by their name's pattern, or by nobody's import. */
const silent =
  /^@types\/|(?:^|[/-])(?:types?|typings|polyfill|polyfills|runtime|plugin|plugins|preset|presets|config|configs|loader|transformer|adapter|driver|dialect|theme|themes|fonts?|fontsource|icons?|css|scss|cli|bin|binary|register|reporter|cldr|data|locales?|tslib|regenerator-runtime|core-js|sharp|pg|mysql2?|sqlite3|bufferutil|utf-8-validate)(?:$|[/-])|^@(?:fontsource|swc|esbuild|rollup|next|img|parcel|tailwindcss)\//

export function unusedFindings(
  { manifests, workspaceNames }: Project,
  { files }: Sources,
  texts: Pick<Texts, 'files'>,
  { peers, peersKnown }: Installed,
): Finding[] {
  if (!peersKnown || files.length === 0) return []
  const imported = new Map<string, Set<string>>()
  for (const { path, imports, mocks = [], declares = [] } of files)
    for (const specifier of [...imports.map((one) => one.specifier), ...mocks, ...declares]) {
      const name = packageOf(specifier)
      if (name !== undefined) imported.set(name, (imported.get(name) ?? new Set()).add(posix.dirname(path)))
    }
  return manifests.flatMap(({ path, dependencies, name: owner }) => {
    const folder = posix.dirname(path)
    // Where no source file lies below, the manifest's users are elsewhere.
    if (!files.some((file) => isBelow(file.path, folder))) return []
    const peersHere = new Set(dependencies.filter(({ field }) => field === 'peerDependencies').map(({ name }) => name))
    return dependencies
      .filter(({ field, kind, name, target }) => {
        if (field !== 'dependencies' || kind !== 'registry' || workspaceNames.has(name)) return false
        if (silent.test(target) || peers.has(name) || peersHere.has(name)) return false
        const users = imported.get(name)
        return !users || ![...users].some((user) => user === folder || isBelow(`${user}/x`, folder))
      })
      .filter(({ name }) => !texts.files.some((file) => mentions(file.text, name, file.path === path)))
      .map(({ name, range, target, line, column }) =>
        finding(
          {
            code: 'phantom/unused',
            scanner: 'phantom',
            subject: { kind: 'package', name: target },
            severity: 'info',
            confidence: 'low',
            message: `${name} is declared in ${path}, and no source, script or configuration there names it`,
            evidence: [
              {
                kind: 'file',
                path: harmless(path),
                line,
                column,
                excerpt: harmless(`${JSON.stringify(name)}: ${JSON.stringify(range.slice(0, 80))}`),
              },
            ],
          },
          owner ?? path,
        ),
      )
  })
}

const isBelow = (path: string, folder: string): boolean => folder === '.' || path.startsWith(`${folder}/`)

/** As a word of its own. In its own manifest the line that declares it does not count. */
function mentions(text: string, name: string, own: boolean): boolean {
  let seen = 0
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + name.length)) {
    if (/[\w@/-]/.test(text[at - 1] ?? '') || /[\w-]/.test(text[at + name.length] ?? '')) continue
    seen++
    if (!own || seen > 1) return true
  }
  return false
}
