// One source file's text → whom it names. The parser's own record of static imports is nearly free; the syntax tree,
// which costs three times the parse, is looked at only where the text hints at what that record does not hold.

import { type EcmaScriptModule, type ParserOptions, parseSync } from 'oxc-parser'
import type { ImportedName, ImportSite, Missed, SourceFile } from '../../types.ts'
import { builtinMethods } from './builtins.ts'
import { type PlaceOf, placesIn } from './places.ts'
import { type Script, scriptsOf } from './scripts.ts'
import { type Binding, visit } from './visit.ts'

/** What became of one file; all absent where it is gone since it was listed. */
export interface Outcome {
  /** Also beside `missed`, where a part was read. */
  readonly file?: SourceFile
  readonly missed?: Pick<Missed, 'why' | 'next'>
  /** Why it was left out on purpose, as a plural for counting. */
  readonly skipped?: string
}

/** @param path decides the language. Never throws but RangeError, for a tree too deep to walk. */
export function parseSource(path: string, text: string): Outcome {
  if (isMinified(text)) return { skipped: 'minified source files' }
  const [, kind = ''] = /\.(\w+)$/.exec(path.toLowerCase()) ?? []
  const scripts = isComponent(kind) ? scriptsOf(text, kind) : [{ text, offset: 0, lang: languageOf(path, kind) }]
  const place = placesIn(text)
  const reads = scripts.map((script) => readScript(script, place, /^c[jt]s$/.test(kind)))
  const failure = reads.find((read) => read.failure !== undefined)?.failure
  const file: SourceFile = {
    path,
    imports: reads.flatMap(({ imports }) => (isDeclaration(path) ? imports.map(asTypes) : imports)),
    literalCalls: reads.flatMap(({ literalCalls }) => literalCalls),
    ...textualFacts(text),
  }
  return { file, ...(failure !== undefined && { missed: { why: failure, next: 'mend its syntax' } }) }
}

const isComponent = (kind: string): kind is 'vue' | 'svelte' | 'astro' => /^(?:vue|svelte|astro)$/.test(kind)

const isDeclaration = (path: string): boolean => /\.d(?:\.[^./]+)?\.[cm]?ts$/i.test(path)

/** JSX is taken where it could stand: plain `.js` files hold it too. In `.ts` it would misread type assertions. */
function languageOf(path: string, kind: string): ParserOptions['lang'] {
  if (isDeclaration(path)) return 'dts'
  if (kind === 'tsx') return 'tsx'
  return /^[cm]?ts$/.test(kind) ? 'ts' : 'jsx'
}

/** What a program wrote for machines: lines that nobody reads. A long text or table in a few lines is not that. */
function isMinified(text: string): boolean {
  if (text.length < 5_000) return false
  let lines = 1
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++
  return text.length / lines > 500
}

interface Read extends Pick<SourceFile, 'imports' | 'literalCalls'> {
  readonly failure?: string
}

function readScript(
  script: Omit<Script, 'lang'> & { lang: ParserOptions['lang'] | undefined },
  place: PlaceOf,
  isCommonJS: boolean,
): Read {
  if (script.lang === undefined) return { imports: [], literalCalls: [] }
  const at: PlaceOf = (offset) => place(offset + script.offset)
  const { result, error } = parse(script.text, script.lang, isCommonJS)
  const { module } = result
  const statics = [...staticImports(module, at), ...staticExports(module, script.text, at)]
  const bindings = statics.flatMap(({ bindings }) => bindings)
  const sites = [...statics.map(({ site }) => site), ...referencedTypes(script.text, at)]
  if (error !== undefined) {
    const { line } = at(error.at)
    return { imports: frozen(sites), literalCalls: [], failure: `it does not parse: ${error.message} (line ${line})` }
  }
  if (!needsTree(script.text, bindings)) return { imports: frozen(sites), literalCalls: [] }
  const seen = visit(result.program, bindings, at)
  return { imports: frozen([...sites, ...seen.sites]), literalCalls: seen.literalCalls }
}

/** While it is read, names are still added to it. */
export type OpenSite = Omit<ImportSite, 'names'> & { names: ImportedName[] }

/** Nothing of a declaration file is left when the code runs. */
const asTypes = (site: ImportSite): ImportSite => ({
  ...site,
  typeOnly: true,
  names: site.names.map((name) => ({ ...name, typeOnly: true })),
})

const frozen = (sites: readonly OpenSite[]): readonly ImportSite[] =>
  [...sites].sort((a, b) => a.line - b.line || a.column - b.column)

function parse(text: string, lang: NonNullable<ParserOptions['lang']>, isCommonJS: boolean) {
  const options = { lang, preserveParens: false } as const
  const first = parseSync('file', text, { ...options, sourceType: isCommonJS ? 'commonjs' : 'unambiguous' })
  const result =
    first.errors.length > 0 && !isCommonJS && !first.module.hasModuleSyntax
      ? parseSync('file', text, { ...options, sourceType: 'commonjs' })
      : first
  const error = result.errors.find(({ severity }) => severity === 'Error')
  // The parser recovers from most errors; where it gave up, the tree is empty.
  if (error === undefined || result.program.body.length > 0) return { result }
  return { result, error: { message: error.message, at: error.labels[0]?.start ?? 0 } }
}

interface Static {
  readonly site: OpenSite
  readonly bindings: readonly Binding[]
}

function staticImports(module: EcmaScriptModule, at: PlaceOf): Static[] {
  return module.staticImports.map(({ moduleRequest, entries }) => {
    const names: ImportedName[] = []
    const typeOnly = entries.length > 0 && entries.every(({ isType }) => isType)
    const site: OpenSite = {
      specifier: moduleRequest.value,
      how: 'import',
      typeOnly,
      optional: false,
      names,
      ...at(moduleRequest.start),
    }
    const bindings: Binding[] = []
    for (const { importName, localName, isType } of entries) {
      if (importName.kind !== 'NamespaceObject') {
        const name = importName.kind === 'Default' ? 'default' : (importName.name ?? '')
        names.push({ name, member: false, typeOnly: isType, ...at(importName.start ?? localName.start) })
        if (name !== 'default') continue
      }
      const of = importName.kind === 'NamespaceObject' ? undefined : 'default'
      if (isPackageLike(site.specifier))
        bindings.push({ local: localName.value, names, of, typeOnly: isType, declarations: 0 })
    }
    return { site, bindings }
  })
}

/** `export … from`; the record also lists imported names that are exported later, which stand among the imports. */
function staticExports(module: EcmaScriptModule, text: string, at: PlaceOf): Static[] {
  const sites = new Map<number, OpenSite>()
  const imported = new Set(module.staticImports.map(({ moduleRequest }) => moduleRequest.start))
  for (const { moduleRequest, importName, isType, start } of module.staticExports.flatMap(({ entries }) => entries)) {
    if (moduleRequest === null || imported.has(moduleRequest.start)) continue
    const site = sites.get(moduleRequest.start) ?? {
      specifier: moduleRequest.value,
      how: 'export' as const,
      typeOnly: isType,
      optional: false,
      names: [],
      ...at(moduleRequest.start),
    }
    sites.set(moduleRequest.start, { ...site, typeOnly: site.typeOnly && isType })
    if (importName.kind === 'Name' && importName.name !== null)
      site.names.push({ name: importName.name, member: false, typeOnly: isType, ...at(importName.start ?? start) })
  }
  // `export {} from 'x'` names nothing but its module, and the record leaves it out.
  for (const { index, 1: specifier = '' } of text.matchAll(/\bexport\s*\{\s*\}\s*from\s*['"]([^'"\n]+)['"]/g)) {
    const empty = { specifier, how: 'export', typeOnly: false, optional: false, names: [], ...at(index) } as const
    sites.set(index, { ...empty, names: [] })
  }
  return [...sites.values()].map((site) => ({ site, bindings: [] }))
}

/** Triple-slash directives count only above all code. */
function referencedTypes(text: string, at: PlaceOf): OpenSite[] {
  if (!text.includes('<reference')) return []
  const head = /^(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/.exec(text.slice(0, 20_000))?.[0] ?? ''
  return [...head.matchAll(/^\s*\/\/\/\s*<reference\s+types\s*=\s*(["'])([^"'\n]+)\1/gm)].map((found) => ({
    specifier: found[2]!,
    how: 'types',
    typeOnly: true,
    optional: false,
    names: [],
    ...at(found.index + found[0].lastIndexOf(found[2]!)),
  }))
}

/** Neither a path nor Node's own: only their members are worth a look into the tree. */
const isPackageLike = (specifier: string): boolean => !/^(?:[./#]|node:|data:|https?:|$)/.test(specifier)

function needsTree(text: string, bindings: readonly Binding[]): boolean {
  if (/[rR]equire\b|\bimport\s*\(|\bimport\.meta\.resolve\b/.test(text)) return true
  return hasMemberOf(text, bindings) || hasUnknownMethod(text)
}

/** Whether something is read of one, or it is taken apart. Many of them are not looked for: the tree knows. */
function hasMemberOf(text: string, bindings: readonly Binding[]): boolean {
  const locals = new Set(bindings.map(({ local }) => local))
  // The name of a declaration that the parser mended.
  locals.delete('')
  if (locals.size > 30) return true
  for (const local of locals)
    for (let at = text.indexOf(local); at !== -1; at = text.indexOf(local, at + local.length)) {
      const before = text.slice(Math.max(0, at - 1), at)
      if (!/[\p{ID_Continue}$]/u.test(before) && (isObjectAt(text, at + local.length) || isTakenApart(text, at)))
        return true
    }
  return false
}

/** `library.member`, `library?.member`, `library['member']`. */
function isObjectAt(text: string, end: number): boolean {
  const next = /\s*(?:\?\s*)?[.[]/y
  next.lastIndex = end
  return next.test(text)
}

/** `const { a } = library` */
function isTakenApart(text: string, start: number): boolean {
  const equals = endOfCode(text, start)
  return text[equals - 1] === '=' && text[endOfCode(text, equals - 1) - 1] === '}'
}

/** Where the space before `end` begins. */
function endOfCode(text: string, end: number): number {
  let at = end
  while (at > 0 && /\s/.test(text[at - 1]!)) at--
  return at
}

/** A bracket or quote before `.method(`, where no built-in has the method: most of them are no literals, though. */
function hasUnknownMethod(text: string): boolean {
  for (const { index, 1: end, 2: name = '' } of text.matchAll(
    /([\]'"`])\s*\??\.\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*\(/gu,
  )) {
    if (end === ']' ? !builtinMethods.array.has(name) && !isIndex(text, index) : !builtinMethods.string.has(name))
      return true
  }
  return false
}

/** Whether the bracket that closes at `end` opened right behind a value, as an index does. */
function isIndex(text: string, end: number): boolean {
  let depth = 0
  for (let at = end; at >= Math.max(0, end - 2_000); at--) {
    const character = text[at]
    if (character === ']') depth++
    else if (character === '[' && --depth === 0) {
      const before = text.slice(Math.max(0, at - 20), at)
      return (
        /[\w$)\]'"`.!]$/.test(before) && !/\b(?:return|typeof|of|in|case|await|yield|else|default)\s*$/.test(before)
      )
    }
  }
  return false
}

/** What a file declares or changes for all others, read from its text: too much of it only makes us say less. */
function textualFacts(text: string): Pick<SourceFile, 'declares' | 'mocks' | 'prototypes'> {
  const all = (pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))]
  const declares = text.includes('declare') ? all(/\bdeclare\s+module\s+['"]([^'"\n]+)['"]/g) : []
  const mocks = /mock|replace/i.test(text)
    ? all(/\.(?:mock|doMock|setMock|unstable_mockModule|module|replace|replaceEsm)\(\s*['"`]([^'"`\n]+)['"`]/g)
    : []
  const prototypes = text.includes('prototype') || text.includes('interface') ? prototypesOf(text) : []
  return {
    ...(declares.length > 0 && { declares }),
    ...(mocks.length > 0 && { mocks }),
    ...(prototypes.length > 0 && { prototypes }),
  }
}

function prototypesOf(text: string): string[] {
  const found = new Set<string>()
  for (const [, name = '*'] of text.matchAll(/\b(?:Array|String|Object)\.prototype\s*\.\s*([\w$]+)\s*=(?!=)/g))
    found.add(name)
  for (const [, name = '*'] of text.matchAll(
    /\b(?:Array|String|Object)\.prototype\s*(?:,|\[)\s*(?:['"`]([\w$]+)['"`])?/g,
  ))
    found.add(name)
  if (/\binterface\s+(?:Readonly)?(?:Array|String)\b/.test(text)) found.add('*')
  return [...found]
}
