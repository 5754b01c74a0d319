// Specifiers that look like packages and are the project's own: TypeScript's `paths` and `baseUrl`, aliases of bundlers and
// test runners, import maps, and folders that a bundler looks into. Read as text; of a computed alias nothing is known.

import { posix } from 'node:path'
import type { TextFile } from '../../project/texts.ts'
import { type Literal, literals } from './literals.ts'

export interface Aliases {
  /** Why this specifier of a file is no package; undefined where nothing says so. */
  reason(specifier: string, file: string): string | undefined
}

interface Pattern {
  readonly before: string
  /** Undefined: the whole specifier, or the beginning of its path where `deep`. */
  readonly after: string | undefined
  readonly deep: boolean
  /** Holds for files below it. */
  readonly folder: string
}

/** @param paths every file of the project. */
export function aliasesOf(files: readonly TextFile[], paths: readonly string[]): Aliases {
  const folders = new Set<string>()
  for (const path of paths)
    for (let folder = posix.dirname(path); folder !== '.' && !folders.has(folder); folder = posix.dirname(folder))
      folders.add(folder)
  const modules = new Set(paths.map((path) => path.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '')))
  const configs = files
    .filter(({ path }) => tsconfig.test(path))
    .map(({ path, text }) => tsconfigOf(path, literals(text)))
  const patterns = [...configs.flatMap((one) => one.patterns), ...files.flatMap(bundlerPatterns)]
  const bases = configs.flatMap(({ base }) => (base === undefined ? [] : [base]))
  const stands = (folder: string, specifier: string): boolean => {
    const [first = ''] = specifier.split('/')
    const at = posix.join(folder, first)
    return (specifier.includes('/') ? folders.has(at) : modules.has(at) || folders.has(at)) && first !== 'node_modules'
  }
  return {
    reason: (specifier, file) => {
      if (patterns.some((pattern) => isBelow(file, pattern.folder) && matches(pattern, specifier))) return 'aliases'
      if (bases.some(({ folder, at }) => isBelow(file, folder) && stands(at, specifier))) return 'paths below a baseUrl'
      // `import 'src/app'`: a bundler that also looks into the project's folder. A package of that name needs no folder.
      if (specifier.startsWith('@')) return undefined
      if (!specifier.includes('/')) return inSourceRoot(specifier, file, modules) ? 'own folders' : undefined
      for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
        if (stands(folder, specifier) && folders.has(posix.join(folder, posix.dirname(specifier)))) return 'own folders'
        if (folder === '.') return undefined
      }
    },
  }
}

/** `import 'store'` beside `src/store/index.js`: only a folder that bundlers are commonly told to look into. */
function inSourceRoot(name: string, file: string, modules: ReadonlySet<string>): boolean {
  for (let folder = posix.dirname(file); folder !== '.'; folder = posix.dirname(folder)) {
    if (!/^(?:src|app|source|client|frontend|js|javascript|web)$/.test(posix.basename(folder))) continue
    if (modules.has(posix.join(folder, name)) || modules.has(posix.join(folder, name, 'index'))) return true
  }
  return false
}

const tsconfig = /(?:^|\/)(?:ts|js)config[^/]*\.json$/

const isBelow = (file: string, folder: string): boolean => folder === '.' || file.startsWith(`${folder}/`)

function matches({ before, after, deep }: Pattern, specifier: string): boolean {
  if (after !== undefined)
    return specifier.length >= before.length + after.length && specifier.startsWith(before) && specifier.endsWith(after)
  return specifier === before || (deep && specifier.startsWith(before.endsWith('/') ? before : `${before}/`))
}

/** What extends a file is read as that file is: `paths` hold below the folder that both are in. */
function tsconfigOf(path: string, all: readonly Literal[]) {
  const own = posix.dirname(path)
  const value = (name: string): string | undefined =>
    all.find((one) => !one.isKey && one.path.join('>') === `compilerOptions>${name}`)?.value
  const baseUrl = value('baseUrl')
  // A base that others extend lies beside or above them, or in a folder of its own kind: it counts for all.
  const shared = /base|shared|common|root|preset|config/i.test(
    path.slice(own === '.' ? 0 : own.length).replace(/(?:ts|js)config/, ''),
  )
  const folder = shared ? '.' : own
  const patterns = all
    .filter((one) => one.isKey && one.path.join('>') === 'compilerOptions>paths' && one.value !== '*')
    .map(({ value: key }): Pattern => {
      const star = key.indexOf('*')
      return star === -1
        ? { before: key, after: undefined, deep: false, folder }
        : { before: key.slice(0, star), after: key.slice(star + 1), deep: false, folder }
    })
  return { patterns, base: baseUrl === undefined ? undefined : { folder, at: posix.join(own, baseUrl) } }
}

const bundler =
  /(?:^|\/)(?:[\w.-]*(?:config|alias|webpack|vite|rollup)[\w.-]*\.[cm]?[jt]s|\.babelrc[^/]*|babel\.config[^/]*|package\.json|deno\.jsonc?|import_map\.json)$/i

/** Keys below `alias` (Vite, webpack, Parcel, Babel's module-resolver), `moduleNameMapper` (Jest), `imports` (Deno). */
function bundlerPatterns({ path, text }: TextFile): Pattern[] {
  if (!bundler.test(path) || !/alias|moduleNameMapper|modulePaths|"imports"|externals?/i.test(text)) return []
  // An alias that a tool's own folder defines serves the whole repository.
  const folder =
    /(?:^|\/)(?:scripts?|build|config|tools?)\//.test(path) || !path.includes('/') ? '.' : posix.dirname(path)
  return literals(text).flatMap((one): Pattern[] => {
    const above = one.path.findLastIndex((key) => /^(?:_moduleAliases|\w*alias(?:es)?|\w*Alias(?:es)?\w*)$/i.test(key))
    if (one.isKey && above !== -1 && above === one.path.length - 1) return [plain(one.value, folder)]
    if (!one.isKey && above !== -1 && one.path.at(-1) === 'find') return [plain(one.value, folder)]
    if (one.isKey && one.path.at(-1) === 'moduleNameMapper') return fromPattern(one.value, folder)
    if (one.isKey && one.path.join('>') === 'imports' && !path.endsWith('package.json'))
      return [plain(one.value, folder)]
    return []
  })
}

/** `vue$` is exact in webpack; elsewhere a key stands for what is below it too. */
const plain = (key: string, folder: string): Pattern =>
  key.endsWith('$')
    ? { before: key.slice(0, -1), after: undefined, deep: false, folder }
    : { before: key.replace(/\/\*$/, ''), after: undefined, deep: true, folder }

/** The literal beginning of a regular expression: `^@app/(.*)$` → `@app/`. The expression itself is never run. */
function fromPattern(source: string, folder: string): Pattern[] {
  const [, literal = ''] = /^\^((?:[\w@~/-]|\\[./@-])+)/.exec(source) ?? []
  const before = literal.replaceAll('\\', '')
  if (before.length < 2) return []
  return [{ before, after: source.endsWith(`${literal}$`) ? undefined : '', deep: true, folder }]
}
