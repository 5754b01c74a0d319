// What one JavaScript or TypeScript file exports, by the parser's record of its export statements.

import { type ParseResult, parseSync } from 'oxc-parser'
import { nameOf, nodeIn, nodesIn, type Tree, textOf } from '../../project/sources/tree.ts'
import { commonJS } from './commonjs.ts'
import type { Facts } from './names.ts'

export const openFacts = (kind: Facts['kind'], open: string): Facts => ({ names: new Set(), all: [], kind, open })

/** @param isModule by Node's rules (`.mjs`, `"type": "module"`); else the syntax decides, as bundlers do. */
export function runtimeFacts(file: string, text: string, isModule: boolean): Facts {
  const [, ending = ''] = /\.(\w+)$/.exec(file) ?? []
  if (!/^[cm]?[jt]sx?$/.test(ending)) return openFacts('commonjs', `.${ending} files have no exports that we know`)
  const lang = ending.endsWith('tsx') ? 'tsx' : /ts$/.test(ending) ? 'ts' : 'jsx'
  const isCommonJS = /^c[jt]s$/.test(ending)
  const result = parseSync('file', text, {
    lang,
    sourceType: isCommonJS ? 'commonjs' : 'unambiguous',
    preserveParens: false,
  })
  if (isModule || (!isCommonJS && result.module.hasModuleSyntax)) {
    if (isBroken(result, text)) return openFacts('esm', 'it does not parse')
    return { ...exportedBy(result), kind: 'esm', ...defaultLiteral(result, text) }
  }
  return commonJS(text, lang)
}

/** Whether it can only be CommonJS, by a look that costs nothing. */
export const isPlainCommonJS = (file: string, text: string, isModule: boolean): boolean =>
  /\.c?js$/.test(file) && !isModule && !/^[^\S\n]*(?:import|export)\s*[\s{*'"]|\bexport\s*[{*]/m.test(text)

/** Where the parser gave up, the tree is empty. */
export const isBroken = ({ errors, program }: ParseResult, text: string): boolean =>
  errors.some(({ severity }) => severity === 'Error') && program.body.length === 0 && text.trim() !== ''

export function exportedBy({ module }: ParseResult): Pick<Facts, 'names' | 'all'> {
  const names = new Set<string>()
  const all: string[] = []
  for (const { exportName, importName, moduleRequest } of module.staticExports.flatMap(({ entries }) => entries)) {
    if (exportName.kind === 'Name' && exportName.name !== null) names.add(exportName.name)
    else if (exportName.kind === 'Default') names.add('default')
    else if (importName.kind === 'AllButDefault' && moduleRequest !== null) all.push(moduleRequest.value)
  }
  return { names, all }
}

/** Nobody but the module itself can reach a literal that has no name, so its keys are its members. */
function defaultLiteral(result: ParseResult, text: string): Pick<Facts, 'defaultMembers'> {
  // The tree costs more than the parse.
  if (!/\bexport\s+default\s*\{/.test(text)) return {}
  const statement = result.program.body.find(({ type }) => type === 'ExportDefaultDeclaration')
  const members = literalKeys(nodeIn(statement as unknown as Tree | undefined, 'declaration'))
  return members === undefined ? {} : { defaultMembers: members }
}

/** Undefined where there are others, too. */
function literalKeys(node: Tree | undefined): ReadonlySet<string> | undefined {
  if (node?.type !== 'ObjectExpression') return undefined
  const keys = nodesIn(node, 'properties').map((property) => {
    const key = nodeIn(property, 'key')
    return property.type !== 'Property' || property.computed === true ? undefined : (nameOf(key) ?? textOf(key))
  })
  return keys.includes(undefined) ? undefined : new Set(keys as string[])
}
