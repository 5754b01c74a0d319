// Phantom exports: names imported from packages that do not have them. `import { useAsync } from 'react'` is the same
// lie as a package that does not exist, one level down. What cannot be known is coverage, never a finding.

import { isBuiltin } from 'node:module'
import { coverageBy } from '../../coverage.ts'
import { isPackageName } from '../../names/valid.ts'
import { askChildren } from '../../project/sources/children.ts'
import { type Installed, installedPackages } from '../../project/sources/installed.ts'
import { clean } from '../../redact.ts'
import type {
  Finding,
  ImportedName,
  ImportSite,
  Missed,
  ScanContext,
  ScanResult,
  SourceFile,
  Sources,
} from '../../types.ts'
import { ownNames } from '../graph.ts'
import { splitSpecifier, typesNameOf } from '../specifiers.ts'
import type { ChildQuestion } from './child.ts'
import { type Place, phantomExport } from './finding.ts'
import type { Use, Verdict } from './judge.ts'
import { literalMethods } from './literals.ts'

const { coverageOf, skipped } = coverageBy('phantom')

export interface ExportsOptions {
  /**
   * Whether the module that this file (relative to the root) names stands for another one than the installed package:
   * a path of tsconfig, a bundler's alias. Those are not judged.
   */
  readonly isAliased?: (specifier: string, path: string) => boolean
}

/**
 * Compares the names that source files take from packages (named imports, members of namespaces and default imports,
 * subpaths), and the methods they call on array and string literals, with what the installed packages have.
 * @returns findings `phantom/export` (subject: the package; of literal methods: the project), and the coverage of the
 * source `exports`. Never throws for what a file or a package holds.
 */
export async function checkExports(
  context: ScanContext,
  sources: Sources,
  options: ExportsOptions = {},
): Promise<ScanResult> {
  const literals = literalMethods(sources)
  // The exports of the project's own packages may come of a build that was not run.
  const own = ownNames(await context.project())
  const taken = takenFrom(sources, installedPackages(context.root), own, options)
  const packages = [...taken.packages.values()]
  if (packages.length === 0 && taken.missed.length > 0)
    return {
      findings: literals,
      coverage: [skipped('exports', 'no package that the source files import is installed')],
    }
  const answered = await askChildren<ChildQuestion, readonly Verdict[]>(
    new URL('./child.js', import.meta.url),
    packages.map(({ question, uses }) => ({ ...question, uses: uses.map(({ use }) => use) })),
    {
      batchSize: 4,
      worthTwo: 24,
      onDone: (done) => context.progress('comparing imports with packages', done, packages.length),
    },
  )
  const findings: Finding[] = [...literals]
  const missed: Missed[] = [...taken.missed]
  const declared = new Set(sources.files.flatMap(({ declares = [] }) => declares))
  let checked = 0
  for (const [index, { question, version, uses }] of packages.entries()) {
    const one = answered[index]!
    if ('failed' in one) {
      missed.push({ what: `the exports of ${clean(question.name)}`, ...one.failed, next: 'look into that package' })
      continue
    }
    for (const [at, { use, places }] of uses.entries()) {
      const verdict = widened(one.answer[at]!, places[0]!, declared)
      if (verdict.state === 'unknown') missed.push(notKnown(question.name, use, verdict.why))
      else checked++
      if (verdict.state === 'missing') findings.push(phantomExport(question.name, version, use, verdict, places))
    }
  }
  return { findings, coverage: [coverageOf('exports', checked, missed)] }
}

/** A project may add types to a module that are in none of the package's files. */
function widened(verdict: Verdict, { specifier }: Place, declared: ReadonlySet<string>): Verdict {
  if (verdict.state !== 'missing' || verdict.what !== 'name' || !declared.has(specifier)) return verdict
  return { state: 'unknown', why: 'the project declares types of it' }
}

interface Taken {
  readonly question: Omit<ChildQuestion, 'uses'>
  readonly version: string | undefined
  readonly uses: { readonly use: Use; readonly places: Place[] }[]
}

/** What the project takes, by package folder; each name once, with all its places. */
function takenFrom(
  { files }: Sources,
  installed: Installed,
  own: ReadonlySet<string>,
  { isAliased = () => false }: ExportsOptions,
): { readonly packages: ReadonlyMap<string, Taken>; readonly missed: readonly Missed[] } {
  const packages = new Map<string, Taken>()
  const known = new Map<string, Taken['uses'][number]>()
  const absent = new Map<string, Missed>()
  for (const file of files)
    for (const site of file.imports) {
      const { name } = splitSpecifier(site.specifier)
      if (!isJudged(site, file, name) || own.has(name) || isAliased(site.specifier, file.path)) continue
      const found = installed.find(name, file.path)
      const types = installed.find(typesNameOf(name), file.path)
      if (found === 'elsewhere') {
        const why = 'it is linked to a folder that is not in node_modules, and may not be built'
        absent.set(name, { what: clean(name), why, next: 'audit that folder by itself' })
        continue
      }
      if (found === undefined && (types === undefined || types === 'elsewhere')) {
        const next = 'run npm ci (or your manager’s install), then audit again'
        absent.set(name, { what: clean(name), why: 'it is not installed, so nobody knows what it exports', next })
        continue
      }
      const typesFolder = types === undefined || types === 'elsewhere' ? undefined : types.folder
      const key = `${found?.folder ?? ''}\0${typesFolder ?? ''}`
      const one = packages.get(key) ?? {
        question: { base: installed.base, name, folder: found?.folder, typesFolder },
        version: found?.version,
        uses: [],
      }
      packages.set(key, one)
      for (const { use, at } of usesOf(site)) {
        const useKey = `${key}\0${JSON.stringify(use)}`
        const entry = known.get(useKey) ?? { use, places: [] }
        if (!known.has(useKey)) {
          known.set(useKey, entry)
          one.uses.push(entry)
        }
        entry.places.push({ path: file.path, specifier: site.specifier, ...at })
      }
    }
  return { packages, missed: [...absent.values()] }
}

/** Mocked modules are what the test makes of them; a place that can do without the module asks, and relies on nothing. */
const isJudged = (site: ImportSite, { mocks = [] }: SourceFile, name: string): boolean =>
  isPackageName(name) &&
  !/[?#!:\\]/.test(site.specifier) &&
  !isBuiltin(site.specifier) &&
  !site.optional &&
  site.how !== 'types' &&
  !mocks.includes(site.specifier)

function* usesOf(site: ImportSite): Generator<{ readonly use: Use; readonly at: Pick<Place, 'line' | 'column'> }> {
  const { subpath } = splitSpecifier(site.specifier)
  const { line, column, typeOnly } = site
  yield { use: { subpath, kind: 'named', typeOnly }, at: { line, column } }
  for (const { name, line, column, ...named } of site.names)
    yield { use: { subpath, name, kind: kindOf(named), typeOnly: typeOnly || named.typeOnly }, at: { line, column } }
}

const kindOf = ({ member, of }: Pick<ImportedName, 'member' | 'of'>): Use['kind'] =>
  of === 'default' ? 'default-member' : member ? 'member' : 'named'

const notKnown = (name: string, use: Use, why: string): Missed => ({
  what: `${use.name === undefined ? '' : `${clean(use.name)} of `}${clean(name)}${use.subpath.slice(1)}`,
  why: `cannot be known without running it: ${why}`,
  next: 'nothing needs to be done; a test that runs the line would tell',
})
